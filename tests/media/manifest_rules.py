"""What the standards ask of a manifest (ISO/IEC 23009-1, RFC 8216), checked against the bytes that it speaks of."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from lms_box.media.messages import Built

SPACE = "{urn:mpeg:dash:schema:mpd:2011}"
ORDER = {
    "MPD": ["Period"],
    "Period": ["AdaptationSet"],
    "AdaptationSet": ["Label", "Representation"],
    "Representation": ["AudioChannelConfiguration", "BaseURL", "SegmentBase"],
    "SegmentBase": ["Initialization"],
}
"""Elements in the order of the schema; no others are written."""
NEEDED = {
    "MPD": {"profiles", "minBufferTime", "type", "mediaPresentationDuration"},
    "AdaptationSet": {"contentType", "mimeType", "subsegmentAlignment", "subsegmentStartsWithSAP"},
    "Representation": {"id", "codecs", "bandwidth"},
    "SegmentBase": {"indexRange", "timescale"},
}
FORMS = {
    "minBufferTime": r"PT\d+S",
    "mediaPresentationDuration": r"PT\d+\.\d+S",
    "bandwidth": r"[1-9]\d*",
    "width": r"[1-9]\d*",
    "height": r"[1-9]\d*",
    "frameRate": r"\d+/[1-9]\d*",
    "audioSamplingRate": r"[1-9]\d*",
    "indexRange": r"\d+-\d+",
    "range": r"\d+-\d+",
    "lang": r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*",
    "id": r"[^\s]+",
}


def check_mpd(folder: Path, built: Built) -> None:
    root = ET.fromstring((folder / str(built.dash)).read_text())  # noqa: S314  # our own text
    for element in root.iter():
        name = element.tag.removeprefix(SPACE)
        children = [child.tag.removeprefix(SPACE) for child in element]
        assert children == sorted(children, key=ORDER.get(name, []).index), name
        assert NEEDED.get(name, set()) <= set(element.attrib), name
        for attribute, value in element.attrib.items():
            assert re.fullmatch(FORMS.get(attribute, ".+"), value), (name, attribute, value)
    shown = root.findall(f".//{SPACE}Representation")
    assert [each.get("id") for each in shown] == [each.name for each in built.renditions]
    assert float(root.attrib["mediaPresentationDuration"][2:-1]) == pytest.approx(built.duration, abs=0.001)
    for representation in shown:
        _check_ranges(folder, representation)


def _check_ranges(folder: Path, representation: ET.Element) -> None:
    """The index range is the sidx box and nothing else; what initializes are the boxes before it."""
    data = (folder / (representation.findtext(f"{SPACE}BaseURL") or "")).read_bytes()
    (base,) = representation.findall(f"{SPACE}SegmentBase")
    (initialization,) = base.findall(f"{SPACE}Initialization")
    first, last = map(int, base.attrib["indexRange"].split("-"))
    assert data[first + 4 : first + 8] == b"sidx"
    assert int.from_bytes(data[first : first + 4]) == last - first + 1
    assert int.from_bytes(data[first + 16 : first + 20]) == int(base.attrib["timescale"])
    assert initialization.attrib["range"] == f"0-{first - 1}"
    assert data[4:8] == b"ftyp"
    assert b"moov" in data[:first]


def check_hls(folder: Path, built: Built) -> None:
    master = (folder / str(built.hls)).read_text().splitlines()
    assert master[0] == "#EXTM3U"
    streams = [number for number, line in enumerate(master) if line.startswith("#EXT-X-STREAM-INF:")]
    sounds = [line for line in master if line.startswith("#EXT-X-MEDIA:TYPE=AUDIO")]
    named = [master[number + 1] for number in streams] + re.findall(r'URI="([^"]+)"', "\n".join(sounds))
    assert sorted(named) == sorted(f"{each.name}.m3u8" for each in built.renditions)
    for number in streams:
        assert ('AUDIO="audio"' in master[number]) == bool(sounds)
    targets = {_check_playlist(folder, folder / name) for name in named}
    assert len(targets) == 1, "all renditions have one target duration"


def _check_playlist(folder: Path, path: Path) -> int:
    """Its target duration. The segments lie one after the other to the end of their file."""
    text = path.read_text()
    assert text.startswith("#EXTM3U\n#EXT-X-VERSION:7\n")
    assert text.endswith("#EXT-X-ENDLIST\n")
    ((file, header),) = re.findall(r'#EXT-X-MAP:URI="([^"]+)",BYTERANGE="(\d+)@0"', text)
    segments = re.findall(r"#EXTINF:([\d.]+),\n#EXT-X-BYTERANGE:(\d+)@(\d+)\n(.+)", text)
    assert len(segments) == text.count("#EXTINF") > 0
    target = int(re.findall(r"#EXT-X-TARGETDURATION:(\d+)", text)[0])
    data = (folder / file).read_bytes()
    position = int(header) + int.from_bytes(data[int(header) : int(header) + 4])
    for length, size, offset, name in segments:
        assert (name, int(offset)) == (file, position)
        assert float(length) <= target
        assert data[position + 4 : position + 8] in (b"moof", b"styp")
        position += int(size)
    assert position == len(data)
    return target
