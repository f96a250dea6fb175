"""A folder on disk becomes a course: the scan gathers facts, the plan understands them, apply acts."""
