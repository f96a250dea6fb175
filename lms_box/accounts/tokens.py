"""Tokens: access tokens that are signed, and random ones of which only the hash is stored."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from itsdangerous import BadData, Signer
from itsdangerous.encoding import base64_decode, base64_encode
from itsdangerous.signer import SigningAlgorithm


@dataclass(frozen=True, slots=True)
class Access:
    """What an access token says: who, as of which credentials, from which sign-in."""

    user_id: UUID
    family: UUID
    epoch: int


def sign_access(access: Access, *, secret: str, expires: int) -> str:
    """`expires` in seconds since 1970."""
    packed = access.user_id.bytes + access.family.bytes + access.epoch.to_bytes(4, "big") + expires.to_bytes(6, "big")
    return _signer(secret).sign(base64_encode(packed)).decode()


def read_access(token: str, *, secret: str, at: float) -> Access | None:
    """None for a token that is forged, of another kind, or whose time has passed."""
    if not token.isascii():
        return None
    try:
        packed = base64_decode(_signer(secret).unsign(token))
    except BadData:
        return None
    if int.from_bytes(packed[36:42], "big") <= at:
        return None
    return Access(UUID(bytes=packed[:16]), UUID(bytes=packed[16:32]), int.from_bytes(packed[32:36], "big"))


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Tokens have 256 random bits, so a plain hash keeps them; `replace` takes what headers may smuggle in."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def successor_of(token: str, *, secret: str) -> str:
    """The refresh token that follows this one, always the same: asked twice, nothing has to be stored in the clear."""
    digest = hmac.digest(secret.encode(), b"lms_box.refresh:" + token.encode(), hashlib.sha256)
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


class _Hmac(SigningAlgorithm):
    """As itsdangerous' own; asked in one call, OpenSSL is done in a fifth of the time."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac.digest(key, value, "sha256")


@lru_cache(maxsize=4)
def _signer(secret: str) -> Signer:
    """With the key derived once: the library would derive it anew for each token."""
    key = Signer(secret, salt="lms_box.access", key_derivation="hmac", digest_method=_sha256).derive_key()
    return Signer(key, key_derivation="none", algorithm=_Hmac())


def _sha256(data: bytes = b"") -> "hashlib._Hash":
    return hashlib.sha256(data)
