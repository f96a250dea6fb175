"""Notes: what learners write down beside a course, for their own eyes."""
