"""Reads a file out of a multipart form, piece by piece, into a folder of unfinished work."""

from pathlib import Path

from aiohttp import BodyPartReader, web

from lms_box.errors import Invalid

PIECE = 256 * 1024


async def receive_file(request: web.Request, *, into: Path, most: int) -> Path:
    """The part named `file`, at most so many bytes; its own name is not believed, so the path is ours."""
    if request.content_type != "multipart/form-data":
        raise Invalid("Send multipart/form-data, with the file in the part “file”.", code="not_multipart")
    if request.content_length is not None and request.content_length > most + PIECE:
        raise web.HTTPRequestEntityTooLarge(most, request.content_length)
    path = into / "received"
    with path.open("xb") as file:
        part = await _part_of(request)
        while piece := await part.read_chunk(PIECE):
            if file.tell() + len(piece) > most:
                raise web.HTTPRequestEntityTooLarge(most, file.tell() + len(piece))
            file.write(piece)
    return path


async def _part_of(request: web.Request) -> BodyPartReader:
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name == "file":
                return part
    except ValueError:
        raise Invalid("The form cannot be read.", code="not_multipart") from None
    raise Invalid("There is no file in the form.", fields=(("file", "missing", "is needed here"),))
