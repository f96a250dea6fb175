"""Signed links: an address that says by itself who may read which files, and until when; checked without a database."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode

from lms_box.errors import Gone, NotFound
from lms_box.http.windows import window_end

ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Grant:
    """`learner` may read the files of one build of an asset until `expires` (seconds since 1970)."""

    learner: UUID
    asset: UUID
    build: UUID
    expires: int


class Links:
    """Makes and reads the tokens of /media/{token}/…; the same token within a window, so that browsers can cache."""

    def __init__(self, secret: str) -> None:
        self._signer = Signer(secret, salt="lms_box.media", digest_method=_sha256)
        self._read = lru_cache(maxsize=4096)(self._unsign)

    def token(self, *, learner: UUID, asset: UUID, build: UUID, at: float) -> str:
        packed = learner.bytes + asset.bytes + build.bytes + window_end(at).to_bytes(6, "big")
        return self._signer.sign(base64_encode(packed)).decode()

    def read(self, token: str, *, at: float) -> Grant:
        """Raises NotFound for a forged token and Gone for one whose time has passed."""
        grant = self._read(token)
        if grant.expires <= at:
            raise Gone("This link has ended. Open the lesson again for a new one.", code="link_expired")
        return grant

    def _unsign(self, token: str) -> Grant:
        try:
            packed = base64_decode(self._signer.unsign(token))
        except BadSignature:
            raise NotFound("There is nothing at this address.") from None
        learner, asset, build = (UUID(bytes=packed[start : start + ID_BYTES]) for start in range(0, 3 * ID_BYTES, ID_BYTES))
        return Grant(learner, asset, build, int.from_bytes(packed[3 * ID_BYTES :], "big"))


def _sha256(data: bytes = b"") -> "hashlib._Hash":
    return hashlib.sha256(data)
