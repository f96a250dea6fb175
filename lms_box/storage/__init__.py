"""Keys to bytes: where originals and what was made of them are kept."""
