"""Damaged and hostile recordings fail with a reason or play what is left; nothing else is ever opened."""

from pathlib import Path

import pytest
from media.material import make_clip

from lms_box.media import process
from lms_box.media.failures import MediaFailed
from lms_box.media.messages import Build

PLAYLISTS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile://{secret}\n#EXT-X-ENDLIST\n",
    "concat": "ffconcat version 1.0\nfile '{secret}'\n",
    "dash": '<?xml version="1.0"?><MPD><Period><BaseURL>file://{secret}</BaseURL></Period></MPD>',
    "smooth": "<SmoothStreamingMedia></SmoothStreamingMedia>",
    "sdp": "v=0\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
}


async def build(path: Path, into: Path) -> str:
    """What became of it: "played", or why not."""
    into.mkdir()
    try:
        await process.run(Build(source=path, name="film.mp4", kind="video", into=into))
    except MediaFailed as failed:
        return failed.reason
    return "played"


@pytest.mark.parametrize("text", PLAYLISTS.values(), ids=PLAYLISTS)
async def test_playlists_open_nothing(tmp_path: Path, text: str) -> None:
    secret = make_clip(tmp_path / "secret.mp4", seconds=1.0)
    path = tmp_path / "film.mp4"
    path.write_text(text.format(secret=secret))
    assert "not a recording" in await build(path, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        bytes(1000),
        b"\0\0\0\x18ftypmp42" + bytes(2000),
        b"\x1aE\xdf\xa3" + bytes(2000),
        b"RIFF\xff\xff\xff\xffAVI LIST",
    ],
)
async def test_nothing_in_it(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(data)
    outcome = await build(path, tmp_path / "out")
    assert outcome != "played"
    assert len(outcome) > 20
