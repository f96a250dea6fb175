"""How stored files leave the box: what a browser may do with them."""

SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A file of a stranger that is opened by itself may be looked at, and run nothing."""
