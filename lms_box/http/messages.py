"""What every message of the API shares."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

BASE64 = "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})"


class Message(BaseModel):
    """What comes in: unknown fields are refused, so that a misspelt one is not silently lost."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class NoFields(Message):
    """Of a form that is its file and nothing else."""


class View(BaseModel):
    """What goes out."""

    model_config = ConfigDict(frozen=True, from_attributes=True, defer_build=True)
    made: ClassVar[Mapping[str, Any]] = {}
    """Fields that the box makes by itself, as pydantic excludes them: that they changed is no reason to refuse a write."""


class FieldProblem(View):
    field: str
    code: str
    message: str


class Problem(View):
    """RFC 9457. `code` is stable and documented; `type` is an address made of it."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] | None = None
    request_id: str


def _whole(given: object) -> object:
    """In JSON 90.0 is a whole number too."""
    return int(given) if isinstance(given, float) and given.is_integer() else given


WHOLE = BeforeValidator(_whole)


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain NUL")
    return text


# Said as what must not be found: those who make texts from a description take seconds for a long one that matches throughout.
STORABLE = (AfterValidator(_storable), Field(json_schema_extra={"not": {"pattern": r"\u0000"}}))
NOT_BLANK = Field(json_schema_extra={"pattern": r"\S"})
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), *STORABLE, NOT_BLANK]
OptionalLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), *STORABLE]
Prose = Annotated[str, StringConstraints(max_length=100_000), *STORABLE]
ErrorCode = Annotated[
    str | None, Field(description="the error, for who has words of their own for it; null where no code was written down")
]
Json = dict[str, Any]


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


Moment = Annotated[datetime, PlainSerializer(_rfc3339, return_type=str, when_used="json")]
