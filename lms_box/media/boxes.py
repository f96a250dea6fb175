"""Reads the boxes of a fragmented MP4 that we wrote: where its segments lie, how long they are, which codec they hold."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
LARGEST_MOOV = 16 * 1024 * 1024
DAMAGED = (ValueError, struct.error, RecursionError, OSError)
SAMPLE_ENTRY_HEADER = {b"avc1": 78, b"avc3": 78, b"mp4a": 28}


class BrokenBoxes(ValueError):
    """The file is not the fragmented MP4 that it should be."""


@dataclass(frozen=True)
class Segment:
    offset: int
    size: int
    duration: int


@dataclass(frozen=True)
class MediaIndex:
    """Byte positions are those of the file; durations are in units of `timescale`."""

    timescale: int
    start: int
    header_size: int
    index_first: int
    index_last: int
    segments: tuple[Segment, ...]
    codecs: str

    @property
    def duration(self) -> float:
        return sum(segment.duration for segment in self.segments) / self.timescale

    @property
    def start_seconds(self) -> float:
        return self.start / self.timescale

    def starts(self) -> list[float]:
        """Of the segments, in seconds."""
        before = accumulate((segment.duration for segment in self.segments[:-1]), initial=self.start)
        return [ticks / self.timescale for ticks in before]

    def seconds(self, segment: Segment) -> float:
        return segment.duration / self.timescale


@dataclass(frozen=True)
class Box:
    type: bytes
    start: int
    body: int
    end: int


def read_index(path: Path) -> MediaIndex:
    with path.open("rb") as file:
        boxes = {}
        for box in top_boxes(file, path.stat().st_size):
            boxes[box.type] = box
            if box.type == b"sidx":
                break
        if b"moov" not in boxes or b"sidx" not in boxes:
            raise BrokenBoxes(f"{path.name} has no segment index.")
        moov, sidx = body(file, boxes[b"moov"]), body(file, boxes[b"sidx"])
        timescale, start, segments = parse_sidx(sidx, first=boxes[b"sidx"].end)
        where = boxes[b"sidx"]
    return MediaIndex(timescale, start, where.start, where.start, where.end - 1, segments, codec_string(moov))


def holds_h264(path: Path) -> bool:
    """Whether an MP4 has a track of H.264, so that nobody needs to ask a child process what it is."""
    return bool(find_box_types(path) & {b"avc1", b"avc3"})


def find_box_types(path: Path) -> frozenset[bytes]:
    """What boxes describe the tracks of an MP4; none for one that is damaged. Safe on hostile files."""
    try:
        data = _read_moov(path)
        return frozenset(box.type for box in descend(data, 0, len(data)))
    except DAMAGED:
        return frozenset()


def read_duration(path: Path) -> float | None:
    """What the head of an MP4 says, in seconds; None where it says nothing. Safe on hostile files."""
    try:
        data = _read_moov(path)
        head = next(box for box in child_boxes(data, 0, len(data)) if box.type == b"mvhd")
        scale, ticks = struct.unpack_from(
            *((">IQ", data, head.body + 20) if data[head.body] else (">II", data, head.body + 12))
        )
        unknown = ticks in (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF)
        return ticks / scale if ticks and scale and not unknown else None
    except (*DAMAGED, StopIteration, IndexError):
        return None


def _read_moov(path: Path) -> bytes:
    """Empty where there is none, or one that is too large to be true."""
    with path.open("rb") as file:
        moov = next((box for box in top_boxes(file, path.stat().st_size) if box.type == b"moov"), None)
        return b"" if moov is None or moov.end - moov.body > LARGEST_MOOV else body(file, moov)


def top_boxes(file: BinaryIO, size: int) -> Iterator[Box]:
    position = 0
    while position + 8 <= size:
        file.seek(position)
        box = box_at(file.read(16), position, size)
        yield box
        position = box.end


def box_at(head: bytes, position: int, limit: int) -> Box:
    length, kind = struct.unpack_from(">I4s", head)
    header = 8
    if length == 1:
        length, header = struct.unpack_from(">Q", head, 8)[0], 16
    elif length == 0:
        length = limit - position
    if length < header or position + length > limit:
        raise BrokenBoxes(f"A {kind!r} box ends outside of its file.")
    return Box(kind, position, position + header, position + length)


def body(file: BinaryIO, box: Box) -> bytes:
    file.seek(box.body)
    return file.read(box.end - box.body)


def parse_sidx(data: bytes, *, first: int) -> tuple[int, int, tuple[Segment, ...]]:
    """`first` is the position in the file of the byte after the index."""
    timescale = struct.unpack_from(">I", data, 8)[0]
    layout, position = (">QQHH", 32) if data[0] else (">IIHH", 24)
    start, first_offset, _, count = struct.unpack_from(layout, data, 12)
    offset, segments = first + first_offset, []
    for size, duration, _ in struct.iter_unpack(">III", data[position : position + 12 * count]):
        segments.append(Segment(offset, size & 0x7FFFFFFF, duration))
        offset += size & 0x7FFFFFFF
    if not timescale or not segments:
        raise BrokenBoxes("The segment index is empty.")
    return timescale, start, tuple(segments)


def child_boxes(data: bytes, start: int, end: int) -> Iterator[Box]:
    while start + 8 <= end:
        box = box_at(data[start : start + 16], start, end)
        yield box
        start = box.end


def codec_string(moov: bytes) -> str:
    """The codec of the only track, as RFC 6381 spells it."""
    for box in descend(moov, 0, len(moov)):
        if box.type == b"avcC":
            return "avc1." + moov[box.body + 1 : box.body + 4].hex()
        if box.type == b"esds":
            return "mp4a.40." + str(audio_object_type(moov[box.body : box.end]))
    raise BrokenBoxes("The track holds neither H.264 nor AAC.")


def descend(data: bytes, start: int, end: int) -> Iterator[Box]:
    for box in child_boxes(data, start, end):
        yield box
        if box.type in CONTAINERS:
            yield from descend(data, box.body, box.end)
        elif box.type == b"stsd":
            yield from descend(data, box.body + 8, box.end)
        elif box.type in SAMPLE_ENTRY_HEADER:
            yield from descend(data, box.body + SAMPLE_ENTRY_HEADER[box.type], box.end)


def audio_object_type(esds: bytes) -> int:
    config = decoder_specific(esds, 4)
    kind = config[0] >> 3
    return 32 + ((config[0] & 7) << 3 | config[1] >> 5) if kind == 31 else kind


def decoder_specific(data: bytes, position: int) -> bytes:
    """The AudioSpecificConfig inside nested descriptors (ISO/IEC 14496-1, 7.2.6)."""
    skips = {3: 3, 4: 13}
    while position + 2 <= len(data):
        tag, length, position = data[position], 0, position + 1
        while True:
            octet, position = data[position], position + 1
            length = length << 7 | octet & 0x7F
            if not octet & 0x80:
                break
        if tag == 5:
            return data[position : position + length]
        position += skips.get(tag, length)
    raise BrokenBoxes("The AAC track has no configuration.")
