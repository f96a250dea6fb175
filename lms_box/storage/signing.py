"""Signs addresses of an S3 store (Signature Version 4, in the query), so that a browser may read one file for a while."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from lms_box.storage.base import Window

ALGORITHM = "AWS4-HMAC-SHA256"
LONGEST_SECONDS = 7 * 24 * 3600
DEFAULT_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True)
class Signer:
    """Knows no network. It dates a signature by its window, so that the address stays the same and caches can keep it."""

    endpoint: str
    region: str
    access_key: str
    secret_key: str

    def sign(self, path: str, *, window: Window, answer: dict[str, str] | None = None) -> str:
        """`path` is /BUCKET/KEY, not yet quoted; `answer` names headers that the store shall answer with."""
        at = datetime.fromtimestamp(window.start, UTC)
        scope = f"{at:%Y%m%d}/{self.region}/s3/aws4_request"
        said = {
            "X-Amz-Algorithm": ALGORITHM,
            "X-Amz-Credential": f"{self.access_key}/{scope}",
            "X-Amz-Date": f"{at:%Y%m%dT%H%M%SZ}",
            "X-Amz-Expires": str(min(window.end - window.start, LONGEST_SECONDS)),
            "X-Amz-SignedHeaders": "host",
            **(answer or {}),
        }
        quoted = quote(path, safe="/~")
        query = "&".join(f"{_escape(name)}={_escape(value)}" for name, value in sorted(said.items()))
        canonical = "\n".join(("GET", quoted, query, f"host:{self._host}", "", "host", "UNSIGNED-PAYLOAD"))
        to_sign = "\n".join((ALGORITHM, said["X-Amz-Date"], scope, hashlib.sha256(canonical.encode()).hexdigest()))
        signature = hmac.digest(self._key(f"{at:%Y%m%d}"), to_sign.encode(), "sha256").hex()
        return f"{self.endpoint}{quoted}?{query}&X-Amz-Signature={signature}"

    @property
    def _host(self) -> str:
        """As browsers send it: without the port that goes without saying."""
        parts = urlsplit(self.endpoint)
        return parts.netloc.lower().removesuffix(DEFAULT_PORTS[parts.scheme])

    def _key(self, day: str) -> bytes:
        key = f"AWS4{self.secret_key}".encode()
        for part in (day, self.region, "s3", "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        return key


def _escape(text: str) -> str:
    return quote(text, safe="~")
