"""Nothing is lost: without a line, over a closed tab, and over an upgrade of the box."""

import re
from collections.abc import Callable

import pytest
from browser.conftest import OpenDevice, School, until
from browser.watching import IS_READY, is_progress, open_lesson, play_until, seek, until_known, watch_offline
from playwright.async_api import Page, Route, expect

from lms_box.http.site import SITE

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one Chromium for all


async def test_what_is_watched_without_a_line_is_sent_when_it_is_back(school: School, open_device: OpenDevice) -> None:
    page, second = await watch_offline(await open_device("phone"), school, 5)
    async with page.expect_response(is_progress):
        await page.context.set_offline(False)
    await expect(page.get_by_text("Back online. Everything is saved.")).to_be_visible()
    await until_known(page, school, second)


async def test_what_waits_outlives_its_tab(school: School, open_device: OpenDevice) -> None:
    page, second = await watch_offline(await open_device(), school, 15)
    later = await page.context.new_page()
    await page.close()
    await later.context.set_offline(False)
    await later.goto(school.address)
    await until_known(later, school, second)


async def test_what_was_just_watched_is_sent_on_closing_the_tab(school: School, open_device: OpenDevice) -> None:
    page = await open_lesson(await open_device(), school, "Light")
    await seek(page, 27)
    second = await play_until(page, 29.5) - 0.5
    later = await page.context.new_page()
    await later.goto(school.address)
    await page.close(run_before_unload=True)
    await until_known(later, school, second)


async def test_a_player_says_that_nothing_comes_and_goes_on_when_asked(school: School, open_device: OpenDevice) -> None:
    device = await open_device()

    async def refuse(route: Route) -> None:
        await route.fulfill(status=503, body="")

    await device.page.route("**/media/**/*.mp4", refuse)
    page = await open_lesson(device, school, "Light")
    await page.locator(".begin").hover()
    await expect(page.get_by_text("Still trying…")).to_be_visible()
    await expect(page.get_by_role("alert").get_by_text("does not play")).to_be_visible()
    await page.unroute("**/media/**/*.mp4")
    await page.get_by_role("button", name="Try again").click()
    await until(page, IS_READY)
    await expect(page.get_by_role("alert")).to_be_hidden()
    device.complaints.clear()  # the browser itself reports what was refused


async def test_a_page_that_was_not_here_yet_is_not_gone_to_without_a_line(school: School, open_device: OpenDevice) -> None:
    device = await open_device()
    page = device.page
    await device.sign_in(school, "leo@example.org")
    await page.goto(f"{school.address}/account")
    name = page.get_by_role("heading", name="Your account", level=1)
    await expect(name).to_be_visible()
    await page.context.set_offline(True)
    await page.get_by_role("link", name="Notes").first.click()
    await expect(page.get_by_text("This needs the line.")).to_be_visible()
    await expect(name).to_be_visible()
    await page.context.set_offline(False)
    await page.get_by_role("link", name="Notes").first.click()
    await expect(page.get_by_role("heading", name="Notes", level=1)).to_be_visible()
    device.complaints.clear()  # the browser itself reports the cut line


async def test_a_page_from_before_an_upgrade_is_asked_for_anew(school: School, open_device: OpenDevice) -> None:
    """As a browser has it that comes back to a tab of yesterday: every file that it names is gone."""
    device = await open_device()
    old = re.sub(r"(/_app/immutable/[\w/]+\.)[\w-]+(\.js)", r"\1gone\2", (SITE / "index.html").read_text("utf-8"))
    shown: list[str] = []

    async def show_old_page_once(route: Route) -> None:
        if not route.request.is_navigation_request() or shown:
            await route.continue_()
        else:
            shown.append(route.request.url)
            await route.fulfill(body=old, content_type="text/html")

    await device.page.route("**/*", show_old_page_once)
    await device.page.goto(f"{school.address}/catalogue")
    await expect(device.page.get_by_role("link", name="Seeing").first).to_be_visible()
    assert shown
    device.complaints.clear()  # the browser itself reports the files that are gone


@pytest.mark.parametrize("missing", ["a page", "a part"])
async def test_an_open_tab_takes_the_new_version_when_it_needs_it(
    school: School, open_device: OpenDevice, missing: str
) -> None:
    device = await open_device()
    page = device.page
    await device.sign_in(school, "leo@example.org")
    await page.goto(f"{school.address}/account")
    await expect(page.get_by_role("heading", name="Your account", level=1)).to_be_visible()
    home = _chunk_with("/dashboard")
    anew = await _upgrade_behind(page, lambda file: missing == "a page" or file.endswith(home))
    async with page.expect_request(lambda request: request.is_navigation_request()):
        await page.get_by_role("link", name="Home").first.click()
    await expect(page.get_by_role("heading", name="Your account", level=1)).to_be_hidden()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert anew == [f"{school.address}/"]
    device.complaints.clear()  # the browser itself reports the files that are gone


async def test_a_player_that_is_gone_with_the_old_version_comes_with_the_new(school: School, open_device: OpenDevice) -> None:
    device = await open_device()
    page = await open_lesson(device, school, "Plans")
    await expect(page.locator("canvas").first).to_be_visible()
    gone = _chunk_with("hlsManifestParsed")
    anew = await _upgrade_behind(page, lambda file: file.endswith(gone))
    async with page.expect_event("load"):
        await page.get_by_role("navigation", name="Contents").get_by_role("link", name="Light").click()
    await until(page, IS_READY)
    assert anew == [school.lesson("Light")]
    device.complaints.clear()  # the browser itself reports the file that is gone


def _chunk_with(text: str) -> str:
    """The file of the pages that holds this."""
    (found,) = (path.name for path in (SITE / "_app/immutable/chunks").glob("*.js") if text in path.read_text("utf-8"))
    return found


async def _upgrade_behind(page: Page, is_gone: Callable[[str], bool]) -> list[str]:
    """Until the page is loaded anew, these files of the old version are gone; what it was loaded anew from then."""
    anew: list[str] = []

    async def serve_another_version(route: Route) -> None:
        address = route.request.url
        if route.request.is_navigation_request():
            anew.append(address)
        if not anew and address.endswith("/_app/version.json"):
            await route.fulfill(json={"version": "of tomorrow"})
        elif not anew and "/_app/immutable/" in address and is_gone(address):
            await route.fulfill(status=404, body="")
        else:
            await route.continue_()

    await page.route("**/*", serve_another_version)
    return anew
