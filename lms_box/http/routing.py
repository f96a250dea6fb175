"""A route is one row: where it is, who may use it, what it takes and what it gives."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel

from lms_box.box import Box
from lms_box.config import Settings
from lms_box.errors import NotFound
from lms_box.viewer import Viewer

BOX = web.AppKey("box", Box)


class Needs(Enum):
    """Who may use a route. Closed unless opened: a route that says nothing needs a signed-in learner."""

    NOBODY = "anyone"
    CATALOGUE = "anyone, or a signed-in learner where the catalogue is not public"
    LEARNER = "a signed-in learner"
    ADMIN = "an admin"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, with who asks resolved and what was sent still to be read by the door."""

    request: web.Request
    box: Box
    viewer: Viewer | None

    @property
    def me(self) -> Viewer:
        assert self.viewer is not None, "the route's `needs` lets nobody in unsigned"
        return self.viewer

    def id_of(self, name: str) -> UUID:
        """The id in the path; what is no id names nothing."""
        try:
            return UUID(self.request.match_info[name])
        except ValueError:
            raise NotFound("There is nothing at this address.") from None


@dataclass(frozen=True, slots=True)
class Answer:
    """A view with more to say than 200: another status, headers, cookies to set or (None) to clear."""

    view: object = None
    status: int | None = None
    headers: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a longer list; the door says how many there are and where the others stand."""

    items: Sequence[object]
    total: int
    skip: int
    limit: int


Handler = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    method: Literal["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    handler: Handler
    needs: Needs = Needs.LEARNER
    body: type[BaseModel] | None = None
    form: type[BaseModel] | None = None
    """What stands beside the part `file` in a multipart form, that the handler reads itself."""
    takes: Callable[[Settings], int] | None = None
    """The most bytes of a body, where that is not what any JSON may have; more are refused before the first one is read."""
    taken_type: str | None = None
    """The media type of a body that is plain bytes."""
    headers: type[BaseModel] | None = None
    """What is said in headers, by their names as aliases; the handler reads them itself."""
    query: type[BaseModel] | None = None
    returns: Any = None
    media_type: str | None = None
    """Of an answer that is no JSON."""
    status: int = 200
    repeatable: bool = False
    """What is there already is answered with 200 instead of 201."""
    says: Mapping[str, str] = field(default_factory=dict)
    """Headers of a good answer, and what they tell."""
    cached: str | None = None
    """The revision by which the same answer is kept for all who are no admins, and one for those who are."""
    counted: bool = True
    """By the rate limits."""

    @property
    def name(self) -> str:
        return self.handler.__name__

    @property
    def label(self) -> str:
        """What the rate limits know it by."""
        return f"{self.method} {self.path}"
