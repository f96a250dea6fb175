"""What was opened here once opens without a line too, and goes on by itself when the line is back."""

import json
import os
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from browser.conftest import Device, OpenDevice, School, until
from browser.watching import IS_READY, OFFLINE, is_progress, open_lesson, until_known, watch_offline
from command import HERE, Shell
from playwright.async_api import Page, expect

from lms_box.http.site import Pages

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one Chromium for all

NOT_COME = (
    "Failed to load resource",
    "TypeError: Failed to fetch dynamically imported",
    "Failed to fetch dynamically imported",
    "Error: Unable to preload CSS",
)
"""What the browser, and SvelteKit, report by themselves."""
IS_KEPT = """async () => {
    const loaded = performance.getEntriesByType('resource').filter((one) => one.name.includes('/_app/immutable/'));
    const kept = await Promise.all(loaded.map((one) => caches.match(one.name)));
    return navigator.serviceWorker.controller && kept.every(Boolean);
}"""
KEPT = """async () => {
    const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const requests = (await Promise.all(caches_.map((cache) => cache.keys()))).flat();
    return requests.map((one) => new URL(one.url).pathname);
}"""
HEADERS_OF_PAGE = "async () => [...(await caches.match('/index.html')).headers.keys()]"
IS_OF_TOMORROW = "() => document.documentElement.innerHTML.includes('of-tomorrow')"
KEEPS_TOMORROW = "async () => (await caches.keys()).join() === 'lms.of-tomorrow'"


async def _open(open_device: OpenDevice, screen: str = "desktop") -> Device:
    """Its pages keep themselves; that there are things that cannot be loaded is as it should be."""
    device = await open_device(screen, worker=True)
    device.forgiven = NOT_COME
    return device


@asynccontextmanager
async def _without_line(page: Page) -> AsyncIterator[None]:
    await page.context.set_offline(True)
    yield
    await page.context.set_offline(False)


async def test_a_page_is_opened_again_without_a_line(school: School, open_device: OpenDevice, screen: str) -> None:
    device = await _open(open_device, screen)
    page = await open_lesson(device, school, "Plans")
    await page.goto(f"{school.address}/courses/{school.course['course_id']}")
    await expect(page.get_by_role("heading", name="Seeing", level=1)).to_be_visible()
    await until(page, IS_KEPT)
    async with _without_line(page):
        await page.reload()
        await expect(page.get_by_role("heading", name="You are offline", level=1)).to_be_visible()
        await expect(page.get_by_text(OFFLINE)).to_be_visible()
    await expect(page.get_by_role("heading", name="Seeing", level=1)).to_be_visible()
    await expect(page.get_by_text(OFFLINE)).to_be_hidden()


async def test_a_page_that_was_never_here_says_why_it_is_not(school: School, open_device: OpenDevice, screen: str) -> None:
    device = await _open(open_device, screen)
    await device.sign_in(school, "leo@example.org")
    await device.page.goto(f"{school.address}/catalogue")
    await until(device.page, IS_KEPT)
    async with _without_line(device.page):
        await device.page.goto(f"{school.address}/notes")
        await expect(device.page.get_by_role("heading", name="You are offline", level=1)).to_be_visible()
    await expect(device.page.get_by_role("heading", name="Notes", level=1)).to_be_visible()


async def test_what_waits_outlives_a_reload_without_a_line(school: School, open_device: OpenDevice, screen: str) -> None:
    device = await _open(open_device, screen)
    page = await open_lesson(device, school, "Light")
    await until(page, IS_KEPT)
    page, second = await watch_offline(device, school, 9)
    await page.reload()
    await expect(page.get_by_text("1 thing waiting")).to_be_visible()
    async with page.expect_response(is_progress):
        await page.context.set_offline(False)
    await until_known(page, school, second)


async def test_nothing_of_anybody_is_kept(school: School, open_device: OpenDevice) -> None:
    page = await open_lesson(await _open(open_device), school, "Light")
    await until(page, IS_KEPT)
    await page.reload()
    await page.mouse.move(5, 5)
    await until(page, IS_READY)
    kept: list[str] = await page.evaluate(KEPT)
    assert [path for path in kept if not path.startswith("/_app/immutable/")] == ["/index.html"]
    assert "link" not in await page.evaluate(HEADERS_OF_PAGE)


async def test_what_is_no_page_comes_once_and_past_the_worker(open_device: OpenDevice) -> None:
    asked: Counter[str] = Counter()
    pages = Pages()

    async def answer(request: web.Request) -> web.StreamResponse:
        asked[request.path] += 1
        no_page = request.path.startswith(("/api/", "/media/"))
        return web.Response(status=404, text="Not here.") if no_page else await pages.show(request)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    device = await _open(open_device)
    async with TestServer(app) as server:
        await device.page.goto(str(server.make_url("/catalogue")))
        await until(device.page, IS_KEPT)
        for path in ("/media/film.mp4", "/api/docs", "/catalogue"):
            asked.clear()
            opened = await device.page.goto(str(server.make_url(path)))
            assert opened is not None
            assert (asked[path], opened.from_service_worker) == (1, path == "/catalogue")
        await device.page.goto("about:blank")


async def test_a_new_version_takes_the_place_of_the_old(open_device: OpenDevice, tmp_path: Path) -> None:
    """In between the box does not run, and then answers that it has no pages."""
    device = await _open(open_device)
    page = device.page
    with Shell(tmp_path / "data").serving() as serving:
        await page.goto(f"{serving.address}/catalogue")
        await until(page, IS_KEPT)
    await page.reload()
    await expect(page.get_by_role("heading", name="You are offline", level=1)).to_be_visible()
    port = str(urlsplit(serving.address).port)
    broken = _deploy(tmp_path / "broken")
    (tmp_path / "broken/lms_box/site/index.html").unlink()
    with broken.serving("--port", port):
        await page.reload()
        await expect(page.get_by_text("The pages are not built.")).to_be_visible()
    with _deploy(tmp_path / "new").serving("--port", port):
        await page.reload()
        assert await page.evaluate(IS_OF_TOMORROW)
        await until(page, KEEPS_TOMORROW)
        await until(page, IS_KEPT)
        async with _without_line(page):
            await page.reload()
            await expect(page.get_by_role("heading", name="You are offline", level=1)).to_be_visible()
            assert await page.evaluate(IS_OF_TOMORROW)
        await page.goto("about:blank")


def _deploy(into: Path) -> Shell:
    """The box as of tomorrow, with the data of today."""
    for folder in ("lms_box", "cli"):
        shutil.copytree(HERE / folder, into / folder)
    site = into / "lms_box" / "site"
    today = json.loads((site / "_app/version.json").read_text("utf-8"))["version"]
    for name in ("index.html", "service-worker.js", "_app/version.json"):
        (site / name).write_text((site / name).read_text("utf-8").replace(today, "of-tomorrow"), "utf-8")
        for compressed in (f"{name}.br", f"{name}.gz"):
            (site / compressed).unlink()
    paths = os.pathsep.join([str(into), str(into / "cli")])
    return Shell(into.parent / "data", {"PYTHONPATH": paths, "PYTHONSAFEPATH": "1"})
