"""Folders that come through the browser: files with their relative paths, gathered, planned, changed by hand, applied."""
