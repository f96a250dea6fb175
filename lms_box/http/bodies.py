"""Reads what was sent: JSON bodies and query strings, checked before a handler sees them."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from lms_box.errors import Invalid, Malformed, TooLarge
from lms_box.http.problems import invalid_fields
from lms_box.storage.space import in_words

JSON_BODY_BYTES = 2 * 1024 * 1024
FORM_BYTES = 1024 * 1024
"""What a form may have around its file."""
BROKEN_LINE = (ConnectionError, web.RequestPayloadError)
DEEPEST = 64
PATIENCE = 60.0
"""Seconds for a whole JSON body, and for the next bytes of a file: who sends slower than that only keeps a place."""
Model = TypeVar("Model", bound=BaseModel)


async def invite_body(request: web.Request, *, most: int) -> None:
    """Refuses a body that says it is too large, before its first byte; tells a client that waits for it to go on."""
    if request.content_length is not None and request.content_length > most + FORM_BYTES:
        raise too_large(most, request.content_length)
    expected = request.headers.get("Expect", "").lower()
    if expected == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the answer itself has not begun
    elif expected:
        raise web.HTTPExpectationFailed


async def patient(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces of a body; raises ConnectionError when the next one is too long in coming."""
    while True:
        try:
            async with asyncio.timeout(PATIENCE):
                piece = await anext(pieces, None)
        except TimeoutError:
            raise ConnectionError from None
        if piece is None:
            return
        yield piece


def line_broke() -> Malformed:
    """For the log and the tests: the sender is gone."""
    return Malformed("The line broke before everything had come.", code="incomplete_body")


def too_large(most: int, size: int | None = None) -> TooLarge:
    given = f"; this is {in_words(size)}" if size is not None else ""
    return TooLarge(f"At most {most} bytes ({in_words(most)}) can be taken here{given}.")


async def read_body(request: web.Request, model: type[Model], *, most: int = JSON_BODY_BYTES) -> Model:
    if request.content_type not in ("application/json", "application/octet-stream"):
        raise web.HTTPUnsupportedMediaType
    try:
        async with asyncio.timeout(PATIENCE):
            raw = await (request if most == JSON_BODY_BYTES else request.clone(client_max_size=most)).read()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except web.HTTPRequestEntityTooLarge:
        raise too_large(most) from None
    except BROKEN_LINE:
        raise line_broke() from None
    parse_json(raw)
    try:
        return model.model_validate_json(raw, strict=True)  # 1 is not true, and "5" is no number
    except ValidationError as error:
        raise invalid_fields(error) from None


def read_query(request: web.Request, model: type[Model]) -> Model:
    values: dict[str, str] = {}
    for name, value in request.query.items():
        if name in values:
            raise Invalid(f"{name} stands twice in the address.", fields=((name, "duplicate", "must stand once"),))
        values[name] = value
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise invalid_fields(error) from None


def parse_json(raw: bytes) -> Any:
    """Refuses what parsers disagree about: duplicate keys, NaN, lone surrogates, depth without end."""
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_object, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Malformed("The body is not valid JSON.") from None
    _check_depth_and_text(value)
    return value


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _check_depth_and_text(value: Any) -> None:
    pending = [(value, 0)]
    while pending:
        item, depth = pending.pop()
        if depth > DEEPEST:
            raise Malformed("The body is nested too deeply.")
        if isinstance(item, dict):
            pending += [(part, depth + 1) for pair in item.items() for part in pair]
        elif isinstance(item, list):
            pending += [(part, depth + 1) for part in item]
        elif isinstance(item, str) and any("\ud800" <= letter <= "\udfff" for letter in item):
            raise Malformed("The body has half a character (a lone surrogate).")
