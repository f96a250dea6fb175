"""What exists to play of a content: builds, signed links, captions, pages."""
