"""Sets up the encoders of the rungs that a picture gets."""

from __future__ import annotations

import os
from collections.abc import Sequence
from fractions import Fraction

from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from lms_box.media.ladder import Rung
from lms_box.media.messages import Build
from lms_box.media.pictures import Shaper, matrix_of
from lms_box.media.publish import Made
from lms_box.media.transcode import PictureSink, RungEncoder

DECODER_THREADS = 2


def picture_sink(
    request: Build,
    stream: VideoStream,
    frame: VideoFrame,
    rungs: Sequence[Rung],
    *,
    origin: float,
    rate: Fraction,
    marks: Sequence[float] | None,
) -> tuple[PictureSink, list[Made]]:
    """`marks` are the seconds at which keyframes are due, None for every four."""
    stream.thread_type, stream.codec_context.thread_count = "AUTO", DECODER_THREADS
    front = Shaper(rungs[0].width, rungs[0].height, rotation=frame.rotation)
    encoders: list[RungEncoder] = []
    for rung in reversed(rungs):
        encoder = RungEncoder(
            request.into / f"{rung.name}.mp4",
            rung,
            rate=rate,
            matrix=matrix_of(frame),
            options=request.options,
            threads=request.options.threads or threads_for(len(rungs), best=rung is rungs[0]),
            marks=marks,
            smaller=encoders[0] if encoders else None,
        )
        encoders.insert(0, encoder)
    made = [Made(each.rung.name, each.path, "video", each.rung.width, each.rung.height, float(rate)) for each in encoders]
    return PictureSink(stream, encoders, origin=origin, rate=rate, front=front), made


def threads_for(rungs: int, *, best: bool) -> int:
    """Each rung has a thread of its own already; frames encoded side by side cost quality and memory.

    The best rung gets one more: all others would wait for it.
    """
    cores = os.cpu_count() or 1
    return min(4, max(1, cores // rungs) + (best and cores > 1))
