"""The server's side of the messages: written as JSON, and read back only after they were checked."""

import json
from dataclasses import asdict
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from lms_box.media.messages import Build, Built, Inspect, Reply


def write_request(request: Inspect | Build) -> bytes:
    told = {"do": type(request).__name__.lower(), **asdict(request)}
    return json.dumps(told, default=str).encode() + b"\n"


def read_reply(line: bytes) -> Reply:
    """Raises ValueError: a decoder that a hostile file has taken over may say anything."""
    return _replies().validate_json(line)


def write_built(built: Built) -> dict[str, Any]:
    return asdict(built)


def read_built(told: dict[str, Any]) -> Built:
    return _builts().validate_python(told)


@cache
def _replies() -> TypeAdapter[Reply]:
    return TypeAdapter(Reply)


@cache
def _builts() -> TypeAdapter[Built]:
    return TypeAdapter(Built)
