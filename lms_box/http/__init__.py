"""The web door: routing, bodies, errors, sessions, signed links, the description, the pages."""
