"""How long the recordings of a plan last, for whoever looks at it: from the heads of MP4 files, else from child processes."""

import asyncio
from collections.abc import Callable, Iterable

from lms_box.box import Box
from lms_box.courses.folder.document import Plan
from lms_box.courses.folder.importing import Preview
from lms_box.media import process
from lms_box.media.boxes import read_duration
from lms_box.media.failures import MediaFailed
from lms_box.media.messages import Inspect

OnMeasured = Callable[[str, int, int], None]
"""Its path, and how many are measured of all."""


async def measure(box: Box, preview: Preview, *, on_measured: OnMeasured) -> dict[str, float]:
    """In seconds, by path; what cannot be read is left out."""
    sources = {preview.snapshot.absolute(preview.facts[path]): path for path in _recordings(preview.plan)}
    found = await asyncio.to_thread(lambda: {path: read_duration(source) for source, path in sources.items()})
    told = {path: seconds for path, seconds in found.items() if seconds is not None}
    asked = [Inspect(source=source, name=path.rpartition("/")[2]) for source, path in sources.items() if path not in told]
    done, jobs = len(told), min(box.settings.media.jobs, len(asked))
    async for request, outcome in process.inspect_many(asked, jobs=jobs):
        done += 1
        on_measured(sources[request.source], done, len(sources))
        if not isinstance(outcome, MediaFailed) and outcome.duration:
            told[sources[request.source]] = outcome.duration
    return told


def _recordings(plan: Plan) -> Iterable[str]:
    return (content.path for content in plan.contents() if content.type in ("video", "audio"))
