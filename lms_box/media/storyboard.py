"""Small pictures of a recording on a few sheets, and the WebVTT file that tells a seek bar which stands for which second."""

from __future__ import annotations

from pathlib import Path

from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from lms_box.media.boxes import MediaIndex
from lms_box.media.cues import Cue, webvtt
from lms_box.media.decoding import keyframe_at
from lms_box.media.fragments import open_written
from lms_box.media.poster import write_webp

TILE_SIDE = 160
COLUMNS, ROWS = 10, 10
MOST_TILES = 300
GREY = 128
JUST_AFTER = 0.001


def write_storyboard(video: Path, index: MediaIndex, into: Path) -> str | None:
    starts = index.starts()
    chosen = starts[:: -(-len(starts) // MOST_TILES)]
    ends = [*chosen[1:], index.start_seconds + index.duration]
    sheets: list[Sheet] = []
    cues = []
    with open_written(video) as container:
        for start, end in zip(chosen, ends, strict=True):
            frame = keyframe_at(container, start + JUST_AFTER)
            if frame is None:
                continue
            if not sheets or sheets[-1].is_full:
                sheets.append(Sheet(frame, f"storyboard-{len(sheets) + 1}.webp"))
            cues.append(Cue(start, end, sheets[-1].add(frame)))
    for sheet in sheets:
        sheet.write(into)
    if not cues:
        return None
    (into / "storyboard.vtt").write_text(webvtt(cues), encoding="utf-8")
    return "storyboard.vtt"


class Sheet:
    """Up to a hundred tiles in rows, of the shape of the first frame."""

    def __init__(self, frame: VideoFrame, name: str) -> None:
        scale = TILE_SIDE / max(frame.width, frame.height)
        self._width, self._height = _even(frame.width * scale), _even(frame.height * scale)
        self._name = name
        self._tiles: list[VideoFrame] = []

    @property
    def is_full(self) -> bool:
        return len(self._tiles) == COLUMNS * ROWS

    def add(self, frame: VideoFrame) -> str:
        """The tile's address."""
        row, column = divmod(len(self._tiles), COLUMNS)
        small = frame.reformat(
            self._width,
            self._height,
            "yuv420p",
            dst_colorspace=Colorspace.ITU601,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.AREA,
        )
        self._tiles.append(small)
        return f"{self._name}#xywh={column * self._width},{row * self._height},{self._width},{self._height}"

    def write(self, into: Path) -> None:
        columns, rows = min(COLUMNS, len(self._tiles)), -(-len(self._tiles) // COLUMNS)
        sheet = VideoFrame(columns * self._width, rows * self._height, "yuv420p")
        for number, plane in enumerate(sheet.planes):
            share = 2 if number else 1
            size = self._width // share, self._height // share
            lines, stride = plane.height, plane.line_size
            plane.update(bytes(_laid_out(self._tiles, number, size, columns=columns, lines=lines, stride=stride)))
        sheet.colorspace, sheet.color_range = Colorspace.ITU601, ColorRange.MPEG
        write_webp(sheet, into / self._name, side=max(sheet.width, sheet.height))


def _laid_out(
    tiles: list[VideoFrame], plane: int, size: tuple[int, int], *, columns: int, lines: int, stride: int
) -> bytearray:
    width, height = size
    data = bytearray([GREY if plane else 16]) * (lines * stride)
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        source, line_size = bytes(tile.planes[plane]), tile.planes[plane].line_size
        for line in range(height):
            target = (row * height + line) * stride + column * width
            data[target : target + width] = source[line * line_size : line * line_size + width]
    return data


def _even(length: float) -> int:
    return max(2, round(length / 2) * 2)
