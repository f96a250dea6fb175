"""The doors of the caption files beside a content."""

from lms_box.config import Settings
from lms_box.courses import captions
from lms_box.courses.assets import remove_after_commit
from lms_box.courses.messages import CaptionFile
from lms_box.courses.service import get_content
from lms_box.courses.uploads.keeping import Received, keeping
from lms_box.courses.uploads.messages import CaptionUpload
from lms_box.errors import Invalid
from lms_box.http.multipart import receive_form
from lms_box.http.routing import Call, Needs, Route

MOST_BYTES = 20_000_000


async def list_captions(call: Call) -> list[CaptionFile]:
    """The caption files beside a content; those inside a film are not among them."""
    async with call.box.db.reading() as session:
        return await captions.list_captions(session, content_id=call.id_of("content_id"))


async def add_caption(call: Call) -> CaptionFile:
    """Put a caption file beside a video or a recording."""
    box, content_id = call.box, call.id_of("content_id")
    async with box.db.reading() as session:
        await get_content(session, content_id=content_id)
    with box.storage.scratch(box.owner.name) as folder:
        form = await receive_form(call.request, into=folder, most=MOST_BYTES)
        said, file = form.checked(CaptionUpload), form.get_file()
        captions.check_caption(file.name)
        if file.size == 0:
            raise Invalid("This file is empty.", code="empty_file")
        received = Received(file.path, file.name, file.size, file.sha256)
        async with keeping(box, received) as kept, box.db.writing() as session:
            return await captions.add_caption(session, content_id=content_id, name=file.name, language=said.language, kept=kept)


async def remove_caption(call: Call) -> None:
    """Take a caption file away."""
    async with call.box.db.writing() as session:
        prefixes = await captions.remove_caption(
            session, content_id=call.id_of("content_id"), caption_id=call.id_of("caption_id")
        )
        remove_after_commit(session, call.box, prefixes)


def _most(_settings: Settings) -> int:
    return MOST_BYTES


ADMIN = Needs.ADMIN
CAPTIONS = "/contents/{content_id}/captions"
ROUTES = [
    Route(method="GET", path=CAPTIONS, handler=list_captions, needs=ADMIN, returns=list[CaptionFile]),
    Route(
        method="POST",
        path=CAPTIONS,
        handler=add_caption,
        needs=ADMIN,
        form=CaptionUpload,
        takes=_most,
        returns=CaptionFile,
        status=201,
    ),
    Route(method="DELETE", path=f"{CAPTIONS}/{{caption_id}}", handler=remove_caption, needs=ADMIN),
]
