"""Reads a multipart form: its file piece by piece into a folder of unfinished work, hashed on the way."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError
from pydantic import BaseModel, ValidationError

from lms_box.errors import Invalid
from lms_box.http.bodies import BROKEN_LINE, FORM_BYTES, line_broke, patient, too_large
from lms_box.http.headers import legible
from lms_box.http.problems import invalid_fields
from lms_box.storage.space import writable

PIECE = 256 * 1024
BATCH = 2 * 1024 * 1024
"""So much is gathered before a thread writes and hashes it."""
LONGEST_FIELD = 64 * 1024
MOST_PARTS = 20
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """`path` is ours; `name` is what the sender calls the file, without folders, and is not to be believed."""

    path: Path
    name: str
    size: int
    sha256: str


@dataclass(slots=True)
class Form:
    file: ReceivedFile | None = None
    fields: dict[str, str] = field(default_factory=dict)

    def get_file(self) -> ReceivedFile:
        if self.file is None:
            raise Invalid("There is no file in the form.", fields=(("file", "missing", "is needed here"),))
        return self.file

    def checked(self, model: type[Model]) -> Model:
        try:
            return model.model_validate(self.fields)
        except ValidationError as error:
            raise invalid_fields(error) from None


async def receive_file(request: web.Request, *, into: Path, most: int) -> Path:
    """The file of a form that has nothing else to say."""
    return (await receive_form(request, into=into, most=most)).get_file().path


async def receive_form(request: web.Request, *, into: Path, most: int) -> Form:
    """The part `file`, at most so many bytes, and the texts around it, in whatever order they come."""
    if request.content_type != "multipart/form-data":
        raise Invalid("Send multipart/form-data, with the file in the part “file”.", code="not_multipart")
    if request.content_length is not None and request.content_length > most + FORM_BYTES:
        raise too_large(most, request.content_length)
    form = Form()
    with _readable():
        async for part in _parts(request):
            if part.name in form.fields or (part.name == "file" and form.file):
                raise Invalid(f"{part.name} stands twice in the form.", fields=((part.name, "duplicate", "must stand once"),))
            if part.name == "file":
                form.file = await _receive(part, into / "received", most)
            elif part.name:
                form.fields[part.name] = await _read_text(part, part.name)
    return form


@contextmanager
def _readable() -> Iterator[None]:
    """aiohttp's reader says in many ways that it cannot go on."""
    try:
        yield
    except (ValueError, AssertionError, RuntimeError, HttpProcessingError):
        raise Invalid("The form cannot be read.", code="not_multipart") from None
    except BROKEN_LINE:
        raise line_broke() from None


async def _parts(request: web.Request) -> AsyncIterator[BodyPartReader]:
    count = 0
    async for part in await request.multipart():
        count += 1
        if count > MOST_PARTS or not isinstance(part, BodyPartReader):
            raise ValueError("no form of ours")
        yield part


async def _receive(part: BodyPartReader, path: Path, most: int) -> ReceivedFile:
    digest, size, batch = hashlib.sha256(), 0, bytearray()
    name = _base_name(legible(part.filename or ""))
    with path.open("xb") as file:

        def keep(data: bytes) -> None:
            digest.update(data)
            with writable(path.parent, len(data), name):
                file.write(data)

        async for piece in patient(_pieces(part)):
            size += len(piece)
            if size > most:
                raise too_large(most)
            batch += piece
            if len(batch) >= BATCH:
                await asyncio.to_thread(keep, bytes(batch))
                batch.clear()
        await asyncio.to_thread(keep, bytes(batch))
    return ReceivedFile(path, name, size, digest.hexdigest())


async def _pieces(part: BodyPartReader) -> AsyncIterator[bytes]:
    while piece := await part.read_chunk(PIECE):
        yield piece


async def _read_text(part: BodyPartReader, name: str) -> str:
    data = bytearray()
    async for piece in patient(_pieces(part)):
        data += piece
        if len(data) > LONGEST_FIELD:
            raise too_large(LONGEST_FIELD)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid(f"{name} is not text.", fields=((name, "not_text", "must be text in UTF-8"),)) from None


def _base_name(name: str) -> str:
    """Browsers write these three letters of a name so, and no others (HTML, multipart/form-data encoding)."""
    for written, letter in (("%22", '"'), ("%0D", " "), ("%0A", " ")):
        name = name.replace(written, letter)
    return name.replace("\\", "/").rpartition("/")[2][:255]
