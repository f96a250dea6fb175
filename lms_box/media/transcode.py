"""Encodes a picture into H.264 rungs: one decode feeds them all, each on a thread of its own."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
from av.packet import Packet
from av.stream import Stream
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from lms_box.media.clock import Clock
from lms_box.media.decoding import frames_of
from lms_box.media.encoders import failure_of, options_for, pixels_for
from lms_box.media.failures import MediaFailed
from lms_box.media.fragments import SEGMENT_SECONDS, abandon, open_fragments
from lms_box.media.ladder import Rung
from lms_box.media.messages import Options
from lms_box.media.pictures import CLOCK, Shaper

TICKS = CLOCK.denominator
FASTEST = 60
LONGEST_STILL = 2.0
FILLER_LIMIT = 12 * 3600
BROKEN_TIMES = "The timestamps of this file are broken beyond repair. Try to export it again."
FIRST_TICK = TICKS // 20
WAITING_FRAMES = 4


class KeyTimes:
    """When keyframes are due: at the given seconds, else every four seconds."""

    def __init__(self, marks: Sequence[float] | None, *, slack: int) -> None:
        self._marks = None if marks is None else [round(mark * TICKS) - slack for mark in marks]
        self._next = 0

    def due(self, tick: int) -> bool:
        """A picture that skips several marks is one keyframe."""
        if self._marks is None:
            if tick < self._next:
                return False
            self._next = (tick // (SEGMENT_SECONDS * TICKS) + 1) * SEGMENT_SECONDS * TICKS
            return True
        found = False
        while self._next < len(self._marks) and tick >= self._marks[self._next]:
            found, self._next = True, self._next + 1
        return found


class RungEncoder:
    """Writes one rung on its own thread and hands what it scaled to the next smaller one; `put` blocks when it falls behind."""

    def __init__(
        self,
        path: Path,
        rung: Rung,
        *,
        rate: Fraction,
        matrix: int,
        options: Options,
        threads: int,
        marks: Sequence[float] | None = None,
        smaller: RungEncoder | None = None,
    ) -> None:
        self.path, self.rung, self._rate = path, rung, rate
        self._options, self._threads, self._smaller = options, threads, smaller
        self._shaper = Shaper(rung.width, rung.height, pixels=pixels_for(options.encoder))
        self._keys = KeyTimes(marks, slack=round(TICKS / rate / 2))
        self._frames: queue.Queue[VideoFrame | None] = queue.Queue(WAITING_FRAMES)
        self._container = open_fragments(path, video=True, least_seconds=SEGMENT_SECONDS / 4)
        self._stream: VideoStream | None = None
        self._last: VideoFrame | None = None
        self._last_tick = -TICKS
        self._filled = 0.0
        self._matrix = matrix
        self.failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=f"rung {rung.name}", daemon=True)
        self._thread.start()

    def put(self, frame: VideoFrame | None) -> None:
        while self.failure is None:
            try:
                return self._frames.put(frame, timeout=0.5)
            except queue.Full:
                continue
        raise self.failure

    def finish(self) -> None:
        self.put(None)
        self._thread.join()
        if self.failure:
            raise self.failure

    def abandon(self) -> None:
        self.failure = self.failure or MediaFailed("Stopped.", "stopped")
        with contextlib.suppress(queue.Full):
            self._frames.put_nowait(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            while (frame := self._frames.get()) is not None:
                if self.failure:
                    break
                self._take_all(self._shaper.shape(frame))
            if not self.failure:
                self._take_all(self._shaper.finish())
            if self._stream and not self.failure:
                self._mux(self._encoded(None))
            self._container.close()
        except BaseException as error:  # noqa: BLE001  # it is raised again in the thread that feeds this one
            self.failure = error
            abandon(self._container)

    def _take_all(self, shaped: list[VideoFrame]) -> None:
        for frame in shaped:
            if self._smaller:
                self._smaller.put(frame)
            self._take(frame)

    def _take(self, frame: VideoFrame) -> None:
        tick = frame.pts or 0
        if self._stream is None:
            self._stream = self._open()
            if tick > FIRST_TICK:
                self._encode(frame, 0)
        self._hold_still(until=tick)
        self._encode(frame, tick)

    def _hold_still(self, *, until: int) -> None:
        """Repeats a picture that stands for long, so that segments stay short and seeking stays quick."""
        while self._last is not None and until - self._last_tick > LONGEST_STILL * TICKS:
            self._filled += 1
            if self._filled > FILLER_LIMIT:
                raise MediaFailed(BROKEN_TIMES, "recording_times")
            self._encode(self._last, self._last_tick + TICKS)

    def _encode(self, frame: VideoFrame, tick: int) -> None:
        frame.pts, frame.time_base = tick, CLOCK
        frame.pict_type = PictureType.I if self._keys.due(tick) else PictureType.NONE
        self._last, self._last_tick = frame, tick
        self._mux(self._encoded(frame))

    def _encoded(self, frame: VideoFrame | None) -> list[Packet[VideoStream]]:
        assert self._stream
        try:
            return self._stream.encode(frame)
        except (av.error.FFmpegError, ValueError) as error:
            raise failure_of(self._options.encoder, error) from error

    def _mux(self, packets: list[Packet[VideoStream]]) -> None:
        for packet in packets:
            if not packet.duration:
                packet.duration = round(1 / self._rate / packet.time_base)
            self._container.mux_one(packet)

    def _open(self) -> VideoStream:
        chosen = self._options
        wishes = options_for(chosen.encoder, preset=chosen.preset, peak_rate=self.rung.peak_rate)
        try:
            stream = self._container.add_stream(chosen.encoder, rate=self._rate, options=wishes)
        except (av.error.FFmpegError, ValueError) as error:
            raise failure_of(chosen.encoder, error) from error
        assert isinstance(stream, VideoStream)
        context, matrix = stream.codec_context, self._matrix
        context.width, context.height, context.pix_fmt = self.rung.width, self.rung.height, pixels_for(chosen.encoder)
        context.time_base = CLOCK
        context.colorspace, context.color_range = matrix, 1
        context.color_primaries = context.color_trc = 1 if matrix == 1 else 6
        context.thread_count = self._threads
        return stream


class PictureSink:
    """Decodes the packets that it is fed and hands each frame to the best rung, which hands it down.

    Encoding the best rung takes longest, so `front` brings the frames to its size here, upright and in ordinary light.
    """

    def __init__(
        self, stream: VideoStream, rungs: Sequence[RungEncoder], *, origin: float, rate: Fraction, front: Shaper
    ) -> None:
        self._time_base = stream.time_base or CLOCK
        self._clock = Clock(origin, step=float(1 / rate))
        self._rungs = rungs
        self.path = rungs[0].path
        self._front = front
        self._next = 0.0
        self.frames = 0

    def feed(self, packet: Packet[Stream]) -> None:
        for frame in frames_of(packet):
            if isinstance(frame, VideoFrame):
                self._take(frame)

    def _take(self, frame: VideoFrame) -> None:
        time = None if frame.pts is None else float(frame.pts * (frame.time_base or self._time_base))
        moment = self._clock.at(time)
        if moment is None or moment < self._next:
            return
        self._next = moment + 0.95 / FASTEST
        frame.pts, frame.time_base = round(moment * TICKS), CLOCK
        self.frames += 1
        for ready in self._front.shape(frame):
            self._rungs[0].put(ready)

    def finish(self) -> None:
        for ready in self._front.finish():
            self._rungs[0].put(ready)
        for rung in self._rungs:
            rung.finish()

    def abandon(self) -> None:
        for rung in self._rungs:
            rung.abandon()
