"""What an S3 store answers when it cannot or will not, in words that say what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from lms_box.errors import LmsError, Unavailable

BAD_KEY = frozenset({"InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "AuthorizationHeaderMalformed"})
FORBIDDEN = frozenset({"AccessDenied", "AllAccessDisabled", "MethodNotAllowed", "403", "405"})
FULL = frozenset({"InsufficientStorage", "QuotaExceeded", "XMinioStorageFull", "StorageFull", "507"})
BUSY = frozenset({"SlowDown", "ServiceUnavailable", "TooManyRequests", "RequestTimeout", "503", "429"})
CLOCK = frozenset({"RequestTimeTooSkewed", "RequestExpired"})
MISSING = frozenset({"NoSuchKey", "NoSuchUpload", "404"})


class Missing(Exception):
    """The store has nothing under the key."""


@dataclass(frozen=True, slots=True)
class Place:
    """What the words are about."""

    endpoint: str
    bucket: str

    @contextmanager
    def asked(self, doing: str) -> Iterator[None]:
        """`doing` ends “does not allow this key to …”.

        Turns the errors of the library and of its HTTP client into Missing or Unavailable.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (LmsError, Missing):
            raise
        except ClientError as error:
            raise self._refusal(error.response, doing) from error
        except Exception as error:
            if isinstance(error, (BotoCoreError, OSError)) or type(error).__module__.startswith("aiohttp"):
                raise self._silence(type(error).__name__) from error
            raise

    def _refusal(self, answer: dict[str, Any], doing: str) -> Exception:
        said = answer.get("Error", {})
        codes = {str(said.get("Code", "")), str(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", ""))}
        if "NoSuchBucket" in codes:
            return self._refused(f"has no bucket “{self.bucket}”. Make it there, or correct [storage] bucket.")
        if codes & MISSING:
            return Missing()
        if codes & BAD_KEY:
            return self._refused("does not accept the key. Look at [storage] access_key, secret_key and region.")
        if codes & CLOCK:
            return self._refused("says that this machine's clock is wrong. Set it, or turn on NTP.")
        if codes & FULL:
            return Unavailable(f"The store at {self.endpoint} is full. Make room there and try again.", code="disk_full")
        if codes & FORBIDDEN:
            words = f"does not allow this key to {doing} in “{self.bucket}”. Give it that right there, or use another key."
            return self._refused(words)
        if codes & BUSY:
            return self._down("is too busy. Try again in some minutes.")
        told = f"{said.get('Code', 'no code')}: {said.get('Message', 'no message')}"
        return Unavailable(f"The store at {self.endpoint} failed ({told}).", code="storage_failed")

    def _silence(self, name: str) -> Unavailable:
        if "SSL" in name:
            return self._down("shows a certificate that is not valid for it. Look at [storage] endpoint.")
        if "Timeout" in name and "Connect" not in name:
            return self._down("takes too long to answer. Try again in some minutes.")
        return self._down("cannot be reached, or hung up. Look whether it runs, and at [storage] endpoint.")

    def _refused(self, words: str) -> Unavailable:
        return Unavailable(f"The store at {self.endpoint} {words}", code="storage_refused")

    def _down(self, words: str) -> Unavailable:
        return Unavailable(f"The store at {self.endpoint} {words}", code="storage_down")
