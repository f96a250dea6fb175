"""The domain's words for what went wrong; doors turn them into a status, a line or a job's reason."""


class LmsError(Exception):
    """Something a person can act on.

    `code` is stable and documented (docs/errors.md); `detail` is a whole sentence for people.
    """

    code: str = "failed"

    def __init__(self, detail: str, *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code


class SignedOut(LmsError):
    code = "signed_out"


class NotFound(LmsError):
    code = "not_found"


class Gone(LmsError):
    code = "gone"


class Forbidden(LmsError):
    code = "forbidden"


class Conflict(LmsError):
    code = "conflict"


class Invalid(LmsError):
    """What was sent cannot be taken; `fields` names each wrong field as (field, code, message)."""

    code = "invalid"

    def __init__(self, detail: str, *, code: str | None = None, fields: tuple[tuple[str, str, str], ...] = ()) -> None:
        super().__init__(detail, code=code)
        self.fields = fields


class Malformed(Invalid):
    """It cannot be read at all, where Invalid could be read and says the wrong thing."""

    code = "malformed_json"


class TooLarge(LmsError):
    """More bytes than may be sent there."""

    code = "too_large"


class Unsupported(LmsError):
    """It may be all right, but it is not of a kind that is taken there."""

    code = "unsupported_media_type"


class Damaged(LmsError):
    """What arrived is not what was sent: its checksum is another."""

    code = "checksum_mismatch"


class TooMany(LmsError):
    """`retry_after` is in seconds."""

    code = "too_many_requests"

    def __init__(self, detail: str, *, retry_after: float, code: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.retry_after = retry_after


class Unavailable(LmsError):
    code = "unavailable"


class Misconfigured(LmsError):
    code = "misconfigured"


class Precondition(LmsError):
    """What is stored is no longer what the writer had seen."""

    code = "precondition_failed"
