"""What a file is comes from its bytes; its name only breaks ties."""

from pathlib import Path

import pytest

from lms_box.media.sniff import look

TABLE = [
    ("a.mp4", b"\0\0\0\x18ftypmp42", "video", "mov"),
    ("a.jpg", b"\0\0\0\x18ftypmp42", "video", "mov"),
    ("a.m4a", b"\0\0\0\x18ftypM4A ", "audio", "mov"),
    ("a.avif", b"\0\0\0\x18ftypavif", "image", None),
    ("a.mkv", b"\x1aE\xdf\xa3matroska", "video", "matroska"),
    ("a.ts", (b"G" + bytes(187)) * 30, "video", "mpegts"),
    ("a.ts", b"export const a: number = 1;\n", "file", None),
    ("a.wav", b"RIFF\0\0\0\0WAVEfmt ", "audio", "wav"),
    ("a.txt", b"xxxxxxxxWAVE is a word of eight bytes in", "file", None),
    ("a.mp3", b"ID3\x04\0\0\0\0\0\0" + bytes(200), "audio", "mp3"),
    ("a.pdf", b"\n%PDF-1.7\n", "document", None),
    ("a.txt", b"%PDF-1.7\n", "document", None),
    ("a.md", b"# Hello\n", "document", None),
    ("a.txt", b"# Hello\n", "file", None),
    ("a.html", b"<p>Hello", "document", None),
    ("a.txt", b"<!DOCTYPE html><html>", "document", None),
    ("a.ipynb", b'{"cells": []}', "document", None),
    ("a.srt", b"1\n00:00:01,000 --> 00:00:02,000\nHi\n", "caption", None),
    ("a.txt", b"WEBVTT\n\n", "caption", None),
    ("a.sub", b"{1}{20}Hi", "caption", None),
    ("a.sub", b"\0\0\x01\xba" + bytes(20), "video", "mpeg"),
    ("a.svg", b'<?xml version="1.0"?>\n<svg xmlns="x">', "file", None),
    ("a.png", b"\x89PNG\r\n\x1a\n", "image", None),
    ("a.bin", bytes(range(256)), "file", None),
    ("a.mp4", b"#EXTM3U\nfile:///etc/passwd\n", "video", None),
    ("a.mp4", b"ffconcat version 1.0\nfile /etc/passwd\n", "video", None),
    ("a.mp4", b"<?xml version='1.0'?><MPD></MPD>", "video", None),
    ("a.mp4", b"", "video", None),
    ("a.mp3", bytes(range(256)), "audio", None),
    ("a.bin", b"", "file", None),
    ("a.pptx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "presentation", None),
]


@pytest.mark.parametrize(("name", "data", "kind", "container"), TABLE)
def test_bytes_decide(tmp_path: Path, name: str, data: bytes, kind: str, container: str | None) -> None:
    path = tmp_path / "stored"
    path.write_bytes(data)
    seen = look(path, name)
    assert (seen.kind, seen.container) == (kind, container)


def test_a_text_that_claims_to_be_a_video_says_so(tmp_path: Path) -> None:
    path = tmp_path / "stored"
    path.write_bytes(b"#EXTM3U\nhttp://example.org/a.ts\n")
    assert look(path, "film.mp4").note == "The file is a text, not a recording."
