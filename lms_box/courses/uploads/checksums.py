"""The checksum extension of tus: a piece counts only when it is what was sent."""

import base64
import hashlib
from binascii import Error
from typing import Self

from lms_box.errors import Damaged, Malformed

ALGORITHMS = ("sha1", "sha256", "md5")


class Checksum:
    """What a sender says of a piece, and what has come of it."""

    def __init__(self, algorithm: str, expected: bytes) -> None:
        self._digest = hashlib.new(algorithm, usedforsecurity=False)
        self._expected = expected

    @classmethod
    def parse(cls, header: str | None) -> Self | None:
        """`sha1 BASE64`; None when nothing is said. Raises Malformed for what cannot be checked."""
        if header is None:
            return None
        algorithm, _, value = header.partition(" ")
        if algorithm not in ALGORITHMS:
            raise Malformed(f"Checksums are taken in {', '.join(ALGORITHMS)}.", code="unknown_checksum")
        try:
            return cls(algorithm, base64.b64decode(value, validate=True))
        except Error:
            raise Malformed("Upload-Checksum must be an algorithm and a value in base64.", code="unknown_checksum") from None

    def update(self, piece: bytes) -> None:
        self._digest.update(piece)

    def check(self) -> None:
        if self._digest.digest() != self._expected:
            raise Damaged("The piece that arrived is not the one that was sent. Please send it again.")
