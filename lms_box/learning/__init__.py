"""Learning: who is enrolled, what was watched, and where to go on."""
