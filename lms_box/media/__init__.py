"""Files in, files out: what a file is and what browsers can play or show of it, made in child processes."""
