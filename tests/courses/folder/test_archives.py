"""Archives: unpacked as the folder that they are, and nothing outside of it, whatever is in them."""

import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from lms_box.box import Box
from lms_box.courses.folder import archives
from lms_box.courses.folder.archive_names import guess_charset
from lms_box.courses.folder.archives import opened_folder, unpack
from lms_box.courses.folder.importing import import_folder
from lms_box.courses.folder.options import ImportOptions
from lms_box.courses.folder.scan import take_snapshot
from lms_box.errors import Invalid, Unavailable

PLENTY = 10**12
ZIP_LINK = (stat.S_IFLNK | 0o777) << 16


def zipped(path: Path, files: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name.removesuffix(" ->"), (2024, 5, 17, 12, 30, 44))
            info.compress_type = compression
            info.external_attr = ZIP_LINK if name.endswith(" ->") else 0
            archive.writestr(info, data)
    return path


def tarred(path: Path, *members: Callable[[tarfile.TarFile], None]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for add in members:
            add(archive)
    return path


def member(name: str, data: bytes = b"x", **more: object) -> Callable[[tarfile.TarFile], None]:
    info = tarfile.TarInfo(name)
    info.size = 0 if more else len(data)
    for field, value in more.items():
        setattr(info, field, value)
    return lambda archive: archive.addfile(info, io.BytesIO(data) if info.isreg() else None)


def unpacked(archive: Path, into: Path) -> dict[str, str]:
    into.mkdir(exist_ok=True)
    unpack(archive, into, free=PLENTY)
    return {fact.path: fact.trouble or "" for fact in take_snapshot(into).files}


def test_a_zip_and_a_tar_hold_the_same(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", {"Course/01 Ä 第3课.md": b"1", "Course/b/c.md": b"2", "Course/link.md ->": b"b/c.md"})
    tarred(tmp_path / "a.tar.gz",
        member("./Course/01 Ä 第3课.md"),
        member("./Course/b/c.md"),
        member("Course/link.md", type=tarfile.SYMTYPE, linkname="b/c.md"),
    )  # fmt: skip
    wanted = {"Course/01 Ä 第3课.md": "", "Course/b/c.md": "", "Course/link.md": ""}
    assert unpacked(tmp_path / "a.zip", tmp_path / "z") == wanted
    assert unpacked(tmp_path / "a.tar.gz", tmp_path / "t") == wanted
    assert (tmp_path / "z/Course/b/c.md").stat().st_mtime == 1715949044


OUT = ["../x", "/etc/x", "a/../../x", "a//b", "..", "a/./b"]


@pytest.mark.parametrize("name", OUT)
def test_nothing_gets_out(tmp_path: Path, name: str) -> None:
    (tmp_path / "into").mkdir()
    for archive in (
        zipped(tmp_path / "a.zip", {"ok.md": b"", name: b"x"}),
        tarred(tmp_path / "a.tgz", member(name)),
    ):
        with pytest.raises(Invalid, match="outside of its folder"):
            unpack(archive, tmp_path / "into", free=PLENTY)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tgz", "a.zip", "into"]


def test_nothing_is_written_through_links(tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir()
    victim = str(tmp_path / "victim")
    archive = tarred(tmp_path / "a.tar",
        member("out", type=tarfile.SYMTYPE, linkname=victim),
        member("out/x.md"),
        member("far.md", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        member("copy.md", type=tarfile.LNKTYPE, linkname="out/x.md"),
        member("pipe", type=tarfile.FIFOTYPE),
    )  # fmt: skip
    assert unpacked(archive, tmp_path / "t") == {
        "copy.md": "", "far.md": "a link that leads out of the folder", "out/x.md": "",
    }  # fmt: skip
    assert list((tmp_path / "victim").iterdir()) == []
    with pytest.raises(Invalid, match="outside of its folder"):
        unpacked(tarred(tmp_path / "b.tar", member("gone.md", type=tarfile.LNKTYPE, linkname="../victim/x")), tmp_path / "t")
    away = zipped(tmp_path / "a.zip", {"out ->": victim.encode(), "out/x.md": b"x"})
    assert unpacked(away, tmp_path / "z") == {"out/x.md": ""}
    assert list((tmp_path / "victim").iterdir()) == []


def test_a_bomb_is_put_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "HARMLESS", 100_000)
    (tmp_path / "into").mkdir()
    bomb = zipped(tmp_path / "a.zip", {"zeros.mp4": bytes(3_000_000)}, compression=zipfile.ZIP_DEFLATED)
    with pytest.raises(Invalid, match="far more than any course"):
        unpack(bomb, tmp_path / "into", free=PLENTY)
    assert (tmp_path / "into/zeros.mp4").stat().st_size < 2_000_000
    honest = zipped(tmp_path / "b.zip", {"noise.mp4": os.urandom(300_000)})
    unpack(honest, tmp_path / "into", free=PLENTY)
    with pytest.raises(Unavailable, match="not enough space"):
        unpack(honest, tmp_path / "into", free=1000)
    monkeypatch.setattr(archives, "MOST_FILES", 3)
    with pytest.raises(Invalid, match="more than 3 files"):
        unpack(zipped(tmp_path / "c.zip", {f"{at}.md": b"" for at in range(5)}), tmp_path / "into", free=PLENTY)


def test_what_is_no_archive_is_said(tmp_path: Path) -> None:
    (tmp_path / "into").mkdir()
    whole = zipped(tmp_path / "whole.zip", {"a.md": b"hello" * 1000}).read_bytes()
    locked = bytearray(whole)
    for sign in (b"PK\x03\x04", b"PK\x01\x02"):
        locked[locked.index(sign) + (6 if sign.endswith(b"\x04") else 8)] |= 1
    damaged = whole.replace(b"hello", b"hullo", 1)
    for name, data, words in [
        ("text.zip", b"hello", "cannot be read"),
        ("text.tar.gz", b"hello", "cannot be read"),
        ("half.zip", whole[: len(whole) // 2], "cannot be read"),
        ("damaged.zip", damaged, "cannot be read"),
        ("locked.zip", bytes(locked), "locked with a password"),
    ]:
        (tmp_path / name).write_bytes(data)
        with pytest.raises(Invalid, match=words) as error:
            unpack(tmp_path / name, tmp_path / "into", free=PLENTY)
        assert error.value.code == "bad_archive"


NAMES = [
    ("cp866", "01 Введение в статистику.mp4\n02 Среднее.mp4"),
    ("gb18030", "第3课 变量.mp4\n第4课 循环.mp4"),
    ("cp850", "01 Einführung.mp4\n02 Übung größer.mp4"),
    ("shift_jis", "はじめに.mp4\nレッスン２.mp4"),
    ("utf-8", "Café ☕ 第3课.mp4"),
]


@pytest.mark.parametrize(("charset", "names"), NAMES)
def test_names_in_the_letters_of_a_country(charset: str, names: str) -> None:
    raw = names.encode(charset)
    assert raw.decode(guess_charset(raw)) == names


async def test_the_same_archive_again_is_the_same_course(box: Box, tmp_path: Path) -> None:
    archive = zipped(
        tmp_path / "Download (1).zip", {"Knots/01 Bowline.md": b"# B", "__MACOSX/._01": b"", "Knots/02 Hitch.md": b"# H"}
    )
    ids = set()
    for added, unchanged in ((2, 0), (0, 2)):
        async with opened_folder(box, ImportOptions(folder=archive)) as options:
            imported = await import_folder(box, options, on_step=lambda _: None)
        ids.add(imported.course_id)
        assert imported.plan.title == "Knots"
        assert (len(imported.plan.changes.added), len(imported.plan.changes.unchanged)) == (added, unchanged)
    assert len(ids) == 1
    incoming = box.settings.data_dir / "media" / "incoming"
    assert not incoming.exists() or not [path for path in incoming.rglob("*") if path.is_file()]
