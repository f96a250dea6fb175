"""Encodes a picture into H.264 rungs: one decode feeds them all, each on a thread of its own."""

from __future__ import annotations

import queue
import threading
from fractions import Fraction
from pathlib import Path

import av
from av.packet import Packet
from av.stream import Stream
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from lms_box.media.clock import Clock
from lms_box.media.failures import MediaFailed
from lms_box.media.fragments import SEGMENT_SECONDS, open_fragments
from lms_box.media.ladder import Rung
from lms_box.media.messages import Options
from lms_box.media.pictures import CLOCK, Shaper, matrix_of

TICKS = CLOCK.denominator
FASTEST = 60
LONGEST_STILL = 2.0
FILLER_LIMIT = 12 * 3600
FIRST_TICK = TICKS // 20
WAITING_FRAMES = 4
QUALITY = "23"


class RungEncoder:
    """Writes one rung on its own thread; `put` blocks when it falls behind."""

    def __init__(self, path: Path, rung: Rung, *, rate: Fraction, rotation: int, options: Options, threads: int) -> None:
        self.path, self.rung, self._rate = path, rung, rate
        self._options, self._threads = options, threads
        self._shaper = Shaper(rung.width, rung.height, rotation=rotation)
        self._frames: queue.Queue[VideoFrame | None] = queue.Queue(WAITING_FRAMES)
        self._container = open_fragments(path, video=True)
        self._stream: VideoStream | None = None
        self._last: VideoFrame | None = None
        self._last_tick = -TICKS
        self._next_key = 0
        self._filled = 0.0
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

    def _run(self) -> None:
        try:
            while (frame := self._frames.get()) is not None:
                for shaped in self._shaper.shape(frame):
                    self._take(shaped, matrix=matrix_of(frame))
            if self._stream:
                self._mux(self._stream.encode(None))
            self._container.close()
        except BaseException as error:  # noqa: BLE001  # it is raised again in the thread that feeds this one
            self.failure = error

    def _take(self, frame: VideoFrame, *, matrix: int) -> None:
        tick = round((frame.pts or 0) * (frame.time_base or CLOCK) / CLOCK)
        if self._stream is None:
            self._stream = self._open(matrix)
            if tick > FIRST_TICK:
                self._encode(frame, 0)
        self._hold_still(until=tick)
        self._encode(frame, tick)

    def _hold_still(self, *, until: int) -> None:
        """Repeats a picture that stands for long, so that segments stay short and seeking stays quick."""
        while self._last is not None and until - self._last_tick > LONGEST_STILL * TICKS:
            self._filled += 1
            if self._filled > FILLER_LIMIT:
                raise MediaFailed("The timestamps of this file are broken beyond repair. Try to export it again.", "broken")
            self._encode(self._last, self._last_tick + TICKS)

    def _encode(self, frame: VideoFrame, tick: int) -> None:
        if self._stream is None:
            return
        frame.pts, frame.time_base, frame.pict_type = tick, CLOCK, PictureType.NONE
        if tick >= self._next_key:
            frame.pict_type = PictureType.I
            self._next_key = (tick // (SEGMENT_SECONDS * TICKS) + 1) * SEGMENT_SECONDS * TICKS
        self._last, self._last_tick = frame, tick
        self._mux(self._stream.encode(frame))

    def _mux(self, packets: list[Packet[VideoStream]]) -> None:
        for packet in packets:
            if not packet.duration:
                packet.duration = round(1 / self._rate / packet.time_base)
            self._container.mux_one(packet)

    def _open(self, matrix: int) -> VideoStream:
        stream = self._container.add_stream(self._options.encoder, rate=self._rate, options=self._encoder_options())
        assert isinstance(stream, VideoStream)
        context = stream.codec_context
        context.width, context.height, context.pix_fmt = self.rung.width, self.rung.height, "yuv420p"
        context.time_base = CLOCK
        context.colorspace, context.color_range = matrix, 1
        context.color_primaries = context.color_trc = 1 if matrix == 1 else 6
        context.thread_count = self._threads
        return stream

    def _encoder_options(self) -> dict[str, str]:
        peak = str(self.rung.peak_rate)
        return {
            "preset": self._options.preset,
            "crf": QUALITY,
            "maxrate": peak,
            "bufsize": peak,
            "profile": "high",
            "forced-idr": "1",
            "g": "100000",
            "sc_threshold": "0",
        }


class PictureSink:
    """Decodes the packets that it is fed and hands each frame to every rung."""

    def __init__(
        self, stream: VideoStream, rungs: list[RungEncoder], *, origin: float, rate: Fraction, front: Shaper | None
    ) -> None:
        self._time_base = stream.time_base or CLOCK
        self._clock = Clock(origin, step=float(1 / rate))
        self._rungs = rungs
        self._front = front
        self._next = 0.0
        self.frames = 0
        self.errors = 0
        self.seconds = 0.0

    def feed(self, packet: Packet[Stream]) -> None:
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            self.errors += 1
            return
        for frame in frames:
            if isinstance(frame, VideoFrame):
                self._take(frame)

    def _take(self, frame: VideoFrame) -> None:
        time = None if frame.pts is None else float(frame.pts * (frame.time_base or self._time_base))
        moment = self._clock.at(time)
        if moment is None or moment < self._next:
            return
        self._next = moment + 0.95 / FASTEST
        frame.pts, frame.time_base = round(moment * TICKS), CLOCK
        self.frames, self.seconds = self.frames + 1, moment
        for ready in self._front.shape(frame) if self._front else [frame]:
            for rung in self._rungs:
                rung.put(ready)

    def finish(self) -> None:
        for rung in self._rungs:
            rung.finish()

    def abandon(self) -> None:
        for rung in self._rungs:
            rung.failure = rung.failure or MediaFailed("Stopped.", "stopped")
