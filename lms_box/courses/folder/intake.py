"""Takes a folder's files into storage: each byte read once, hashed on the way; no lock is held meanwhile."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from posixpath import splitext
from uuid import UUID

from lms_box.box import Box
from lms_box.courses.assets import prefix_of
from lms_box.courses.folder.options import How
from lms_box.courses.folder.scan import FileFact, Snapshot
from lms_box.db.base import new_id
from lms_box.errors import Invalid
from lms_box.media import process, sniff
from lms_box.media.boxes import holds_h264
from lms_box.media.failures import MediaFailed
from lms_box.media.messages import Inspect, Inspection
from lms_box.storage import pending
from lms_box.storage.base import Taken

TIMED = frozenset({"video", "audio"})


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that lies in storage under the id its asset will have, if no asset has its bytes already."""

    asset_id: UUID
    key: str
    sha256: str
    size: int
    kind: str
    media_type: str
    duration: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """How far the taking is: files and bytes done of all, and the file at hand."""

    path: str
    files: int
    bytes: int
    all_files: int
    all_bytes: int


OnStep = Callable[[Step], None]


async def take_files(
    box: Box, snapshot: Snapshot, facts: Sequence[FileFact], *, how: How, on_step: OnStep
) -> dict[str, Stored]:
    """By path. What was stored is announced first: a killed import's files are found and removed."""
    ids = {fact.path: new_id() for fact in facts}
    await pending.announce(box.db, owner=box.owner.name, prefixes=map(prefix_of, ids.values()))
    try:
        return await _take_all(box, snapshot, facts, ids, how, on_step)
    except BaseException:
        await pending.discard(box.db, box.storage, prefixes=map(prefix_of, ids.values()))
        raise


async def _take_all(
    box: Box, snapshot: Snapshot, facts: Sequence[FileFact], ids: dict[str, UUID], how: How, on_step: OnStep
) -> dict[str, Stored]:
    stored: dict[str, Stored] = {}
    total, done = sum(fact.size for fact in facts), 0
    inspections = await _inspect(snapshot, facts, box.settings.media.jobs)
    for index, fact in enumerate(facts):
        on_step(Step(fact.path, index, done, len(facts), total))
        stored[fact.path] = await _take(box, snapshot, fact, ids[fact.path], how, inspections.get(fact.path))
        done += fact.size
    return stored


async def _take(
    box: Box, snapshot: Snapshot, fact: FileFact, asset_id: UUID, how: How, inspection: Inspection | None
) -> Stored:
    source = snapshot.absolute(fact)
    look = sniff.look(source, fact.path)
    extension = inspection.extension if inspection else look.extension or splitext(fact.path)[1].lower()
    key = f"{prefix_of(asset_id)}/source{extension}"
    taken = await _bring(box, key, source, how)
    return Stored(
        asset_id,
        key,
        taken.sha256,
        taken.size,
        inspection.kind if inspection else look.kind,
        inspection.media_type if inspection else look.media_type,
        inspection.duration if inspection else None,
    )


async def _bring(box: Box, key: str, source: Path, how: How) -> Taken:
    if how != "borrow":
        return await box.storage.take(key, source, how=how)
    try:
        return await box.storage.take(key, source, how="link")
    except Invalid as error:
        if error.code != "not_linked":
            raise
        return await box.storage.take(key, source, how="copy")


def _is_doubtful(source: Path, path: str) -> bool:
    """A recording whose first bytes do not tell whether it is a film or only sound; an MP4 with H.264 is a film."""
    look = sniff.look(source, path)
    return look.kind in TIMED and not (look.kind == "video" and look.container == "mov" and holds_h264(source))


async def _inspect(snapshot: Snapshot, facts: Iterable[FileFact], jobs: int) -> dict[str, Inspection]:
    """What the recordings are by their content; one that cannot be read is left for its build to say why."""
    sources = {snapshot.absolute(fact): fact for fact in facts if _is_doubtful(snapshot.absolute(fact), fact.path)}
    found: dict[str, Inspection] = {}
    requests = [Inspect(source=source, name=fact.path.rpartition("/")[2]) for source, fact in sources.items()]
    async for request, outcome in process.inspect_many(requests, jobs=jobs):
        if not isinstance(outcome, MediaFailed):
            found[sources[request.source].path] = outcome
    return found
