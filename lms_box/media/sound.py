"""Encodes any sound as AAC, mono or stereo, without gaps."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.filter import Graph
from av.packet import Packet
from av.stream import Stream

from lms_box.media.clock import Clock
from lms_box.media.decoding import frames_of
from lms_box.media.fragments import abandon, open_fragments

RATES = (22050, 24000, 32000, 44100, 48000)
BITS_PER_CHANNEL = 64_000
LEAST_BITS = 24_000
BITS_PER_SAMPLE = 2.5


class SoundSink:
    """Decodes the packets that it is fed and writes AAC into `path`."""

    def __init__(self, path: Path, stream: AudioStream, *, origin: float) -> None:
        self.path = path
        self._time_base = stream.time_base or Fraction(1, max(1, stream.sample_rate))
        self._clock = Clock(origin, step=1024 / max(1, stream.sample_rate))
        self.rate = rate_for(stream.sample_rate)
        self.layout = "mono" if stream.channels == 1 else "stereo"
        self._container = open_fragments(path, video=False)
        self._stream = self._container.add_stream("aac", rate=self.rate)
        self._stream.codec_context.layout = self.layout
        self._stream.codec_context.bit_rate = self._bit_rate(stream.sample_rate)
        self._graph: Graph | None = None
        self._shape: tuple[object, ...] = ()
        self.frames = 0

    def _bit_rate(self, sampled: int) -> int:
        channels = 1 if self.layout == "mono" else 2
        heard = max(LEAST_BITS, sampled * BITS_PER_SAMPLE)
        return int(min(BITS_PER_CHANNEL + 16_000 * (channels == 1), heard)) * channels

    def feed(self, packet: Packet[Stream]) -> None:
        for frame in frames_of(packet):
            if isinstance(frame, AudioFrame):
                self._take(frame)

    def _take(self, frame: AudioFrame) -> None:
        if not frame.samples or frame.sample_rate <= 0:
            return
        moment = self._clock.at(None if frame.pts is None else float(frame.pts * (frame.time_base or self._time_base)))
        if moment is None:
            return
        shape = (frame.sample_rate, frame.format.name, frame.layout.name)
        if shape != self._shape:
            self._drain()
            self._graph, self._shape = self._build(frame), shape
        frame.pts, frame.time_base = round(moment * frame.sample_rate), _ticks(frame.sample_rate)
        self.frames += 1
        if self._graph:
            self._graph.push(frame)
        self._encode()

    def _build(self, frame: AudioFrame) -> Graph:
        graph = Graph()
        graph.threads = 1
        first = ":first_pts=0" if not self._shape else ""
        nodes = (
            graph.add_abuffer(
                sample_rate=frame.sample_rate,
                format=frame.format.name,
                layout=frame.layout.name,
                time_base=_ticks(frame.sample_rate),
            ),
            graph.add("aresample", f"{self.rate}:async=1{first}"),
            graph.add("aformat", f"sample_fmts=fltp:sample_rates={self.rate}:channel_layouts={self.layout}"),
            graph.add("abuffersink"),
        )
        graph.link_nodes(*nodes).configure()
        return graph

    def _encode(self) -> None:
        while self._graph:
            try:
                frame = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            if isinstance(frame, AudioFrame):
                self._write(frame)

    def _write(self, frame: AudioFrame | None) -> None:
        for packet in self._stream.encode(frame):
            # The encoder's run-up is left out: the sound then starts at zero without an edit list.
            if packet.pts is not None and packet.pts >= 0:
                self._container.mux_one(packet)

    def _drain(self) -> None:
        if self._graph:
            self._graph.push(None)
            self._encode()

    def finish(self) -> None:
        self._drain()
        if self.frames:
            self._write(None)
        self._container.close()

    def abandon(self) -> None:
        abandon(self._container)


def rate_for(sampled: int) -> int:
    """A whole multiple for telephones' rates, at which one frame of AAC would last an eighth of a second."""
    return next((rate for rate in RATES if sampled > 0 and rate % sampled == 0), 48_000)


def _ticks(rate: int) -> Fraction:
    return Fraction(1, rate)
