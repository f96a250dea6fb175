"""The facts of real folders: bytes, links, what cannot be read."""

import os
from pathlib import Path

import pytest

from lms_box.courses.folder.scan import shown, take_snapshot
from lms_box.errors import Invalid, NotFound


def paths(folder: Path) -> list[str]:
    return [fact.path for fact in take_snapshot(folder).files]


def troubles(folder: Path) -> dict[str, str]:
    return {fact.path: fact.trouble for fact in take_snapshot(folder).files if fact.trouble}


def test_files_at_any_depth_with_size_and_time(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["folder of forty characters in its own name"] * 23)
    deep.mkdir(parents=True)
    (deep / "x.mp4").write_bytes(b"12345")
    os.utime(deep / "x.mp4", ns=(1, 1_700_000_000_123_456_789))
    snapshot = take_snapshot(tmp_path)
    (fact,) = snapshot.files
    assert (fact.size, fact.mtime_ns) == (5, 1_700_000_000_123_456_789)
    assert len(fact.path) > 950
    assert snapshot.absolute(fact).read_bytes() == b"12345"


def test_names_that_are_no_utf8_come_through(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.mp4")).write_bytes(b"x")
    snapshot = take_snapshot(tmp_path)
    assert [fact.path for fact in snapshot.files] == ["caf\\xe9.mp4"]
    assert snapshot.absolute(snapshot.files[0]).read_bytes() == b"x"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"plain", "plain"),
        ("é🚀".encode(), "é🚀"),
        (b"a\nb", "a\nb"),
        (b"\xff\xfe", "\\xff\\xfe"),
        (b"\\xff", "\\x5cxff"),
        (b"\\x5c", "\\x5cx5c"),
        (b"\\x41", "\\x41"),
        (b"a\\b", "a\\b"),
        (b"\xed\xa0\x80", "\\xed\\xa0\\x80"),
    ],
)
def test_how_bytes_are_shown(raw: bytes, expected: str) -> None:
    assert shown(raw) == expected


def test_links(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.mp4").write_bytes(b"x")
    root = tmp_path / "course"
    (root / "sub").mkdir(parents=True)
    (root / "real.mp4").write_bytes(b"xyz")
    (root / "inside.mp4").symlink_to("real.mp4")
    (root / "out.mp4").symlink_to(outside / "secret.mp4")
    (root / "up").symlink_to(tmp_path)
    (root / "loop").symlink_to(".")
    (root / "self").symlink_to("self")
    (root / "sub" / "back").symlink_to(root)
    (root / "gone.mp4").symlink_to("nothing")
    snapshot = take_snapshot(root)
    assert {fact.path: fact.size for fact in snapshot.files if not fact.trouble} == {"real.mp4": 3, "inside.mp4": 3}
    assert troubles(root) == {
        "out.mp4": "a link that leads out of the folder",
        "up": "a link that leads out of the folder",
        "loop": "a link to a folder, whose files are taken where they stand",
        "sub/back": "a link to a folder, whose files are taken where they stand",
        "self": "a link to nothing",
        "gone.mp4": "a link to nothing",
    }


def test_a_link_to_a_folder_inside_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.mp4").write_bytes(b"x")
    (tmp_path / "b").symlink_to("a")
    assert paths(tmp_path) == ["a/x.mp4", "b"]
    assert troubles(tmp_path).keys() == {"b"}


def test_a_folder_reached_by_a_link_is_itself(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "x.mp4").write_bytes(b"x")
    (tmp_path / "link").symlink_to("real")
    assert take_snapshot(tmp_path / "link").root == (tmp_path / "real").resolve()
    assert paths(tmp_path / "link") == ["x.mp4"]


def test_pipes_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    assert "pipe" in troubles(tmp_path)["pipe.mp4"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.mp4").write_bytes(b"x")
    (tmp_path / "x.mp4").chmod(0)
    (tmp_path / "closed").mkdir(mode=0)
    assert troubles(tmp_path).keys() == {"x.mp4", "closed"}


def test_first_bytes_only_where_they_are_needed(tmp_path: Path) -> None:
    for name in ("a.ts", "b.MD", "c.mp4", "node_modules/d.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"# head")
    assert {fact.path: fact.head for fact in take_snapshot(tmp_path).files} == {
        "a.ts": b"# head",
        "b.MD": b"# head",
        "c.mp4": b"",
        "node_modules/d.md": b"",
    }


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no folder"):
        take_snapshot(tmp_path / "nowhere")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Invalid, match="is not a folder"):
        take_snapshot(tmp_path / "file")
    with pytest.raises(Invalid, match="cannot be read: File name too long"):
        take_snapshot(tmp_path / ("x" * 300))
    assert paths(tmp_path) == ["file"]
