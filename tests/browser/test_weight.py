"""What the first load of a page brings and shows, as the browser counts it, and how often it asks the box."""

import asyncio
from collections import Counter
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import pytest
from browser.conftest import OpenDevice, School, until
from browser.watching import open_lesson
from playwright.async_api import Page, Route, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one Chromium for all

SCRIPT_BYTES, STYLE_BYTES = 70_000, 15_000
LOADED = """() => performance.getEntriesByType('resource')
    .map((one) => ({ url: one.name, sent: one.encodedBodySize, whole: one.decodedBodySize }))"""
FONTS_COME = "async () => { document.body.getBoundingClientRect(); await document.fonts.ready; }"
"""Words have another width in the letters that stand in for theirs."""
IS_QUIET = "() => document.readyState === 'complete' && !document.querySelector('[aria-busy=true]')"


async def _weigh(page: Page, address: str) -> dict[str, int]:
    """Bytes of JavaScript and CSS as they came over the line."""
    await page.goto(address)
    await expect(page.get_by_role("link", name="Seeing").first).to_be_visible()
    await until(page, IS_QUIET)
    loaded: list[dict[str, Any]] = await page.evaluate(LOADED)
    built = [one for one in loaded if one["url"].endswith((".js", ".css"))]
    assert [one["url"] for one in built if one["whole"] > 1_000 and one["sent"] >= one["whole"]] == [], "sent uncompressed"
    return {kind: sum(one["sent"] for one in built if one["url"].endswith(kind)) for kind in (".js", ".css")}


@pytest.mark.parametrize("who", ["nobody", "leo@example.org"])
async def test_the_first_load_of_the_catalogue_is_light(school: School, open_device: OpenDevice, who: str) -> None:
    """hls.js alone would be heavier than all of this, and pdf.js too."""
    device = await open_device("phone")
    if who != "nobody":
        await device.sign_in(school, who)
    sent = await _weigh(device.page, f"{school.address}/catalogue")
    assert 30_000 < sent[".js"] <= SCRIPT_BYTES, sent
    assert 5_000 < sent[".css"] <= STYLE_BYTES, sent


async def test_a_page_names_all_that_it_needs(school: School, open_device: OpenDevice) -> None:
    """And its first question, in itself or beside itself: what the browser learns of from a script comes a round trip later."""
    page = await open_lesson(await open_device("phone"), school, "Light")
    course = f"/courses/{school.course['course_id']}"
    lesson = urlsplit(school.lesson("Light")).path
    for path, question, most in (("/catalogue", "/courses?", 16), (course, course, 16), (lesson, course, 24)):
        answer = await page.goto(school.address + path)
        assert answer is not None
        named = await answer.text() + answer.headers["link"]
        await until(page, IS_QUIET)
        loaded: list[dict[str, Any]] = await page.evaluate(LOADED)
        files = {urlsplit(one["url"]).path for one in loaded if one["url"].endswith((".js", ".css"))}
        assert 3 < len(files) <= most, files
        unnamed = [PurePosixPath(file).name.split(".")[0] for file in files if file not in named]
        assert set(unnamed) <= {"MediaLesson", "notes"}, path  # styles that only most lessons need
        assert f"</api/v1{question}" in answer.headers["link"]


@pytest.mark.parametrize(("path", "drawn"), [("/catalogue", ".sign span"), ("/sign-in", ".name"), ("a lesson", ".sign svg")])
@pytest.mark.parametrize("screen", ["phone", "desktop"])
async def test_a_page_has_its_face_before_its_scripts(
    school: School, open_device: OpenDevice, screen: str, path: str, drawn: str
) -> None:
    """And the page itself draws the same at the same place, so that nothing moves when it comes."""
    page = (await open_device(screen)).page
    may_come = asyncio.Event()

    async def hold(route: Route) -> None:
        await may_come.wait()
        await route.continue_()

    await page.route("**/_app/immutable/entry/*.js", hold)
    await page.goto(school.lesson("Light") if path == "a lesson" else school.address + path, wait_until="commit")
    face = page.locator(f"body > .first:visible {drawn}")
    await expect(face).to_be_visible()
    await page.evaluate(FONTS_COME)
    before = await face.bounding_box()
    may_come.set()
    await expect(page.locator("h1")).to_be_visible()
    await expect(page.locator("body > .first:visible")).to_have_count(0)
    await page.evaluate(FONTS_COME)
    assert await page.locator(f"#app header {drawn}").first.bounding_box() == pytest.approx(before, abs=0.1)


async def test_a_course_page_is_there_after_one_round_trip(school: School, open_device: OpenDevice) -> None:
    """Whatever it asks for it asks at once: no answer is waited for before the next question."""
    page = await open_lesson(await open_device(), school, "Light")
    await page.goto("about:blank")  # what the lesson still asks is its own affair
    course = f"/api/v1/courses/{school.course['course_id']}"
    needed = {course, f"{course}/progress", "/api/v1/auth/session", "/api/v1/enrollments", "/api/v1/site"}
    asked: Counter[str] = Counter()
    all_asked = asyncio.Event()

    async def hold(route: Route) -> None:
        asked[urlsplit(route.request.url).path] += 1
        if needed <= asked.keys():
            all_asked.set()
        await all_asked.wait()
        await route.continue_()

    await page.route("**/api/**", hold)
    await page.goto(f"{school.address}/courses/{school.course['course_id']}")
    await asyncio.wait_for(all_asked.wait(), 30)
    await expect(page.get_by_role("heading", name="Seeing", level=1)).to_be_visible()
    await expect(page.get_by_role("link", name="Continue").or_(page.get_by_role("link", name="Start")).first).to_be_visible()
    assert asked == dict.fromkeys(needed, 1)


async def test_a_film_is_asked_for_with_the_progress_in_its_course(school: School, open_device: OpenDevice) -> None:
    page = await open_lesson(await open_device(), school, "Light")
    await page.goto("about:blank")
    course, film = f"/api/v1/courses/{school.course['course_id']}", school.lesson("Light").rpartition("/")[2]
    asked: Counter[str] = Counter()
    film_asked = asyncio.Event()

    async def count(route: Route) -> None:
        path = urlsplit(route.request.url).path
        asked[path] += 1
        if path.endswith("/playback"):
            film_asked.set()
        if path.endswith("/progress"):
            await film_asked.wait()
        await route.continue_()

    await page.route("**/api/**", count)
    await page.goto(school.lesson("Light"))
    await expect(page.locator("video")).to_be_visible()
    await until(page, IS_QUIET)
    assert [asked[path] for path in (course, f"{course}/progress", f"/api/v1/contents/{film}/playback")] == [1, 1, 1]
