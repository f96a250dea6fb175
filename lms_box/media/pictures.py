"""Turns decoded frames into upright 8-bit pictures of a wanted size, in ordinary colours."""

from fractions import Fraction

import av
from av.filter import Graph
from av.video.frame import VideoFrame

from lms_box.media.probe import HDR_TRANSFERS

CLOCK = Fraction(1, 90_000)
TURNS = {90: ("transpose=cclock",), 180: ("hflip", "vflip"), 270: ("transpose=clock",)}
BT709 = 1
FULL_RANGE = 2


class Shaper:
    """Takes and gives frames on `CLOCK`; builds its filter graph for the first and again whenever they change their shape."""

    def __init__(self, width: int, height: int, *, rotation: int = 0, pixels: str = "yuv420p") -> None:
        self.width, self.height, self.pixels = width, height, pixels
        self.rotation = rotation
        self._graph: Graph | None = None
        self._shape: tuple[object, ...] = ()
        self._interlaced = False

    def shape(self, frame: VideoFrame) -> list[VideoFrame]:
        self._interlaced |= frame.interlaced_frame
        shape = (frame.width, frame.height, frame.format.name, frame.color_trc, frame.color_range, self._interlaced)
        kept: list[VideoFrame] = []
        if self._graph is None or shape != self._shape:
            kept = self.finish()
            self._graph, self._shape = self._build(frame), shape
        self._graph.push(frame)
        return kept + self._pull(self._graph)

    def finish(self) -> list[VideoFrame]:
        """What deinterlacing keeps back, because it looks at the next frame too."""
        graph, self._graph = self._graph, None
        if graph is None:
            return []
        graph.push(None)
        return self._pull(graph)

    def _pull(self, graph: Graph) -> list[VideoFrame]:
        frames: list[VideoFrame] = []
        while True:
            try:
                frame = graph.vpull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return frames
            # Deinterlacing counts in halves.
            frame.pts, frame.time_base = round((frame.pts or 0) * (frame.time_base or CLOCK) / CLOCK), CLOCK
            frames.append(frame)

    def _build(self, frame: VideoFrame) -> Graph:
        graph = Graph()
        graph.threads = 1
        nodes = [graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=CLOCK)]
        for step in self._steps(frame):
            name, _, arguments = step.partition("=")
            nodes.append(graph.add(name, arguments or None))
        nodes.append(graph.add("buffersink"))
        graph.link_nodes(*nodes).configure()
        return graph

    def _steps(self, frame: VideoFrame) -> list[str]:
        steps = ["yadif=mode=send_frame:deint=interlaced"] if self._interlaced else []
        upright = self.rotation % 180 == 0
        size = (self.width, self.height) if upright else (self.height, self.width)
        if size != (frame.width, frame.height) or not is_ordinary(frame):  # without need it would copy every frame
            steps.append(scale_to(*size, hdr=is_hdr(frame)))
        steps += [f"format=pix_fmts={self.pixels}", "setsar=1"]
        return steps + list(TURNS.get(self.rotation % 360, ()))


def scale_to(width: int, height: int, *, hdr: bool) -> str:
    scale = f"scale=w={width}:h={height}:flags=bicubic:out_range=tv"
    if hdr:  # any other intent cuts off what is brighter than paper
        scale += ":out_primaries=bt709:out_transfer=bt709:out_color_matrix=bt709:intent=perceptual"
    return scale


def is_hdr(frame: VideoFrame) -> bool:
    return frame.color_trc in HDR_TRANSFERS


def is_ordinary(frame: VideoFrame) -> bool:
    """Neither HDR nor of full range: black is 16 and white 235, as in all YUV that says nothing else."""
    name = frame.format.name
    return name.startswith("yuv") and not name.startswith("yuvj") and frame.color_range != FULL_RANGE and not is_hdr(frame)


def matrix_of(frame: VideoFrame) -> int:
    """The colour matrix to announce: what the source says, else what its size suggests."""
    if is_hdr(frame):
        return BT709
    if frame.colorspace in (BT709, 5, 6):
        return frame.colorspace
    return BT709 if min(frame.width, frame.height) >= 720 else 6
