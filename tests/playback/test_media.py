"""The bytes behind signed links: for whom, until when, in parts, with which type, and never as a page."""

import time
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import pytest
from academy import Lesson, add_course, build, contents_of
from aiohttp.test_utils import TestClient
from cast import Person

from lms_box.box import Box
from lms_box.courses.tables import Content
from lms_box.db.base import new_id
from lms_box.http.signed import Links
from lms_box.http.windows import WINDOW_SECONDS
from lms_box.media.messages import Caption, Pages
from lms_box.playback.rewriting import Spoken, with_captions

Client = TestClient[Any, Any]
FILM = bytes(range(256)) * 40
FILES = {"master.m3u8": b"#EXTM3U\n", "v.mp4": FILM, "poster.webp": b"RIFF", "en.vtt": b"WEBVTT\n", "text.json": b"{}"}


@pytest.fixture
async def lesson(box: Box, learner: Person) -> UUID:
    """A lesson with a build of five files, in a course that the learner takes."""
    course = await add_course(box, "Sailing", [Lesson("Knots", data=FILM)])
    await learner.ask("POST", f"/courses/{course}/enrollment")
    (content_id,) = await contents_of(box, course)
    captions = (Caption(language="en", label="English", file="en.vtt"),)
    pages = Pages(count=2, pdf=None, text="text.json")
    await build(box, content_id, FILES, hls="master.m3u8", poster="poster.webp", captions=captions, pages=pages)
    return content_id


async def playback(person: Person, content_id: UUID) -> dict[str, Any]:
    found: dict[str, Any] = await (await person.get(f"/contents/{content_id}/playback")).json()
    return found


async def test_signed_addresses_give_what_was_built(client: Client, learner: Person, stranger: Person, lesson: UUID) -> None:
    shown = await playback(learner, lesson)
    assert shown == await playback(learner, lesson)  # the same inside a window, so that browsers can cache
    assert (shown["dash_url"], shown["storyboard_url"], shown["chapters_url"]) == (None, None, None)
    types = {
        shown["hls_url"]: ("application/vnd.apple.mpegurl", FILES["master.m3u8"]),
        shown["hls_url"].replace("master.m3u8", "v.mp4"): ("video/mp4", FILM),
        shown["poster_url"]: ("image/webp", FILES["poster.webp"]),
        shown["captions"][0]["url"]: ("text/vtt", FILES["en.vtt"]),
        shown["pages"]["text_url"]: ("application/json", FILES["text.json"]),
        shown["source_url"]: ("video/mp4", FILM),
    }
    for address, (media_type, data) in types.items():
        answer = await client.get(address)
        assert (answer.status, answer.content_type, await answer.read()) == (200, media_type, data), address
        assert answer.headers["Cache-Control"] == "private, max-age=21600, immutable"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "Knots" not in await (await stranger.get(f"/contents/{lesson}/playback")).text()


async def test_a_film_comes_in_parts(client: Client, learner: Person, lesson: UUID) -> None:
    address = (await playback(learner, lesson))["source_url"]
    size = len(FILM)
    whole = await client.get(address)
    tag = whole.headers["ETag"]
    rows: list[tuple[dict[str, str], int, bytes | None]] = [
        ({"Range": "bytes=0-9"}, 206, FILM[:10]),
        ({"Range": "bytes=100-"}, 206, FILM[100:]),
        ({"Range": "bytes=-7"}, 206, FILM[-7:]),
        ({"Range": f"bytes=10-{size * 9}"}, 206, FILM[10:]),
        ({"Range": "bytes=0-9", "If-Range": tag}, 206, FILM[:10]),
        ({"If-None-Match": tag}, 304, b""),
        ({"If-Modified-Since": whole.headers["Last-Modified"]}, 304, b""),
        ({"Range": f"bytes={size}-"}, 416, None),
        ({"Range": "bytes=9-0"}, 416, None),
        ({"Range": "bytes=x-y"}, 416, None),
        ({"Range": "bytes=-0"}, 416, None),
        ({"Range": "bytes=-"}, 416, None),
        ({"Range": "bytes=0-1,5-6"}, 416, None),
        ({"Range": f"bytes=-{size * 9}"}, 206, FILM),
        ({"Range": "bytes=" + "9" * 400 + "-"}, 416, None),
    ]
    for headers, status, data in rows:
        answer = await client.get(address, headers=headers)
        body = await answer.read()
        assert answer.status == status, headers
        if data is None:
            assert answer.content_type == "application/problem+json", headers
        else:
            assert body == data, headers
    part = await client.get(address, headers={"Range": "bytes=0-9"})
    assert part.headers["Content-Range"] == f"bytes 0-9/{size}"
    head = await client.head(address)
    assert (head.status, head.headers["Content-Length"], await head.read()) == (200, str(size), b"")
    assert head.headers["Accept-Ranges"] == "bytes"


async def test_no_link_opens_more_than_it_was_made_for(box: Box, client: Client, learner: Person, lesson: UUID) -> None:
    other_course = await add_course(box, "Rowing", [Lesson("Oars")])
    (other,) = await contents_of(box, other_course)
    other_build = await build(box, other, {"v.mp4": b"not yours"})
    async with box.db.reading() as session:
        asset, other_asset = [(await session.get_one(Content, one)).asset_id for one in (lesson, other)]
    links, now = Links(box.secret), time.time()
    shown = await playback(learner, lesson)
    token = shown["hls_url"].split("/")[2]
    of_source = shown["source_url"].split("/")[2]

    def link(**changes: Any) -> str:
        return links.token(**{"learner": learner.user.id, "asset": asset, "build": new_id(), "at": now, **changes})

    rows = [
        (f"{token}/v.mp4", 200),
        (f"{token}/gone.mp4", 404),
        (f"{token}/v.mp4/", 404),
        (f"{token}/../{token}/v.mp4", 200),
        (f"{token}/..%2F..%2F{other_asset}%2F{other_build}%2Fv.mp4", 404),
        (f"{token}/%2Fetc%2Fpasswd", 404),
        (f"{token}/v.mp4%00", 404),
        (f"{token}/..", 404),
        (f"{token}/" + "x" * 3000, 404),
        (f"{token[:-2]}{'A' if token[-2] != 'A' else 'B'}{token[-1]}/v.mp4", 404),
        (f"{token}x/v.mp4", 404),
        (f"{token.upper()}/v.mp4", 404),
        (f"{Links('another secret').token(learner=learner.user.id, asset=asset, build=asset, at=now)}/source.mp4", 404),
        (f"{of_source}/source.mp4", 200),
        (f"{of_source}/v.mp4", 404),
        (f"{of_source}/source.mp4/../v.mp4", 404),
        (f"{of_source}/source%2F..%2Fx", 404),
        (f"{link(build=other_build)}/v.mp4", 404),
        (f"{link(asset=other_asset, build=other_build)}/v.mp4", 200),
        (f"{link(build=asset, at=now - 2 * WINDOW_SECONDS)}/source.mp4", 410),
        ("public/..%2Fassets.webp", 404),
    ]
    for path, status in rows:
        answer = await client.get(f"/media/{path}")
        assert answer.status == status, path
        if status != 200:
            assert (await answer.json(content_type=None))["code"] == {404: "not_found", 410: "link_expired"}[status], path
            assert answer.headers["Cache-Control"] == "no-store"


async def test_the_playlist_names_the_captions(client: Client, learner: Person, lesson: UUID) -> None:
    """A native player learns of them nowhere else; each is one segment as long as the film."""
    shown = await playback(learner, lesson)
    token = shown["hls_url"].split("/")[2]
    folder = f"/media/{token}"
    assert (await client.get(shown["hls_url"])).status == 200
    address = f"{folder}/en.vtt.m3u8?seconds=100.5"
    answer = await client.get(address)
    assert (answer.status, answer.content_type) == (200, "application/vnd.apple.mpegurl")
    lines = (await answer.text()).split("\n")
    assert "#EXT-X-TARGETDURATION:101" in lines
    assert lines[lines.index("#EXTINF:100.500,") + 1] == "en.vtt"
    assert (await client.get(address, headers={"If-None-Match": answer.headers["ETag"]})).status == 304
    wrong = [
        "en.vtt.m3u8",
        "en.vtt.m3u8?seconds=nan",
        "de.vtt.m3u8?seconds=1",
        f"master.m3u8?captions=en:{token}x/en.vtt&seconds=1",
        f"master.m3u8?captions=e%0An:{token}/en.vtt&seconds=1",
        f"master.m3u8?captions=en:{token}/en.vtt",
        "master.m3u8?captions=&seconds=1",
    ]
    for path in wrong:
        assert (await client.get(f"{folder}/{path}")).status == 404, path


def test_captions_are_choices_of_the_master_playlist() -> None:
    master = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=9\nv.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=5\nw.m3u8\n"
    captions = [Spoken("en", "../t/en.vtt"), Spoken("de", "../u/de.vtt"), Spoken("en", "../v/en.vtt")]
    lines = with_captions(master, captions, seconds=12.0).split("\n")
    choices = [line for line in lines if line.startswith("#EXT-X-MEDIA:TYPE=SUBTITLES")]
    assert lines[1:4] == choices
    assert [line.partition('NAME="')[2].partition('"')[0] for line in choices] == ["English 1", "Deutsch", "English 2"]
    assert choices[1].endswith('LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="../u/de.vtt.m3u8?seconds=12.000"')
    assert [line for line in lines if line.startswith("#EXT-X-STREAM-INF")] == [
        '#EXT-X-STREAM-INF:BANDWIDTH=9,SUBTITLES="captions"',
        '#EXT-X-STREAM-INF:BANDWIDTH=5,SUBTITLES="captions"',
    ]


def test_a_link_lives_six_to_twelve_hours() -> None:
    links, person, asset = Links("s" * 40), new_id(), new_id()
    start = 1_800_000_000 // WINDOW_SECONDS * WINDOW_SECONDS
    tokens = {links.token(learner=person, asset=asset, build=asset, at=start + at) for at in (0, 1, WINDOW_SECONDS - 1)}
    assert len(tokens) == 1
    grant = links.read(tokens.pop(), at=start)
    assert grant.expires - start == 2 * WINDOW_SECONDS
    assert links.token(learner=person, asset=asset, build=asset, at=start + WINDOW_SECONDS) not in tokens


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_files_of_strangers_are_looked_at_or_kept_and_never_run(box: Box, client: Client, owner: Person) -> None:
    names = {
        "page.html": ("application/octet-stream", "attachment"),
        "page.xhtml": ("application/octet-stream", "attachment"),
        "code.js": ("application/octet-stream", "attachment"),
        "drawing.svg": ("image/svg+xml", "inline"),
        "sheet.pdf": ("application/pdf", "inline"),
        "words.md": ("text/plain", "inline"),
        "no ending": ("application/octet-stream", "attachment"),
        'Größe "x"; y=z.zip': ("application/octet-stream", "attachment"),
    }
    course = await add_course(box, "Files", [Lesson(name, type="file", name=name) for name in names])
    for content_id, (name, (media_type, kind)) in zip(await contents_of(box, course), names.items(), strict=True):
        moved = await owner.get(f"/contents/{content_id}/file")
        assert moved.status == 302
        assert moved.headers["Cache-Control"] == "private, no-store"
        answer = await client.get(moved.headers["Location"])
        assert (answer.status, answer.content_type) == (200, media_type), name
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith(f"{kind}; filename*=UTF-8''"), name
        assert unquote(disposition.partition("''")[2]).endswith(name), name
        assert "sandbox" in answer.headers["Content-Security-Policy"], name
        assert urlsplit(moved.headers["Location"]).path.startswith("/media/")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_courses_picture_is_for_everybody(box: Box, client: Client) -> None:
    with box.storage.scratch(box.owner.name) as folder:
        (folder / "card.webp").write_bytes(b"RIFF")
        await box.storage.take("public/0123-abcd.webp", folder / "card.webp", how="move")
    answer = await client.get("/media/public/0123-abcd.webp")
    assert (answer.status, answer.content_type, await answer.read()) == (200, "image/webp", b"RIFF")
    assert answer.headers["Cache-Control"].startswith("public")
    assert (await client.get("/media/public/0123-abce.webp")).status == 404
