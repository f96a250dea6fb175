"""Files that come through the browser or an API client: received whole or in pieces, stored once, made contents."""
