"""The description of the API in a real browser, and the two questions of those who watch over the box."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, async_playwright
from sqlalchemy.exc import OperationalError

from lms_box import __version__
from lms_box.box import Box
from lms_box.http import api_pages

needs_viewers = pytest.mark.skipif(not api_pages.FOLDER.is_dir(), reason="web/build_site.py has not run")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
SWITCHES = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium")
    async with async_playwright() as playwright:
        yield await playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)


@needs_viewers
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("path", "shown"), [("/api/docs", "#operations-courses-list_courses"), ("/api/redoc", "[data-section-id='tag/courses']")]
)
async def test_shows_the_api_in_a_browser_without_a_foreign_address(
    client: Any, browser: Browser, path: str, shown: str
) -> None:
    page = await browser.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    box = str(client.make_url("/"))
    await page.goto(f"{box}{path.removeprefix('/')}")
    await page.locator(shown).first.wait_for()
    assert complaints == []
    assert [url for url in asked if not url.startswith((box, "data:", "blob:"))] == []


@needs_viewers
async def test_sends_the_viewers_compressed_and_nothing_else(client: Any) -> None:
    for path, policy in (("/api/docs", "style-src 'self'"), ("/api/redoc", "style-src 'self' 'unsafe-inline'")):
        answer = await client.get(path)
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert policy in answer.headers["Content-Security-Policy"]
        assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
    answer = await client.get("/api/docs/redoc.js")
    assert (answer.headers["Content-Encoding"], answer.headers["Content-Type"]) == ("gzip", "text/javascript")
    for path in ("/api/docs/bundles", "/api/docs/..%2fdoors.py", "/api/docs/redoc.js.gz", "/api/docs/nothing.js"):
        answer = await client.get(path)
        assert (answer.status, (await answer.json())["code"]) == (404, "not_found"), path


async def test_says_what_to_do_where_the_viewers_are_missing(
    client: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(api_pages, "FOLDER", tmp_path / "none")
    answer = await client.get("/api/docs")
    assert (answer.status, "install.sh" in await answer.text()) == (503, True)


async def test_is_healthy_and_ready(client: Any) -> None:
    for path, status in (("/health", "healthy"), ("/health/ready", "ready")):
        answer = await client.get(path)
        assert (answer.status, await answer.json()) == (200, {"status": status, "version": __version__})


async def test_is_not_ready_without_database_or_storage(client: Any, box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> Any:
        raise OperationalError("SELECT 1", {}, Exception("a password of the database"))

    def full(*_: Any) -> Any:
        raise OSError("No space left on device")

    for target, name, failing, words in [
        (box.db, "reading", refuse, "The database does not answer."),
        (box.storage, "scratch", full, "The storage cannot be written."),
    ]:
        with monkeypatch.context() as patch:
            patch.setattr(target, name, failing)
            answer = await client.get("/health/ready")
            problem = await answer.json()
            assert (answer.status, problem["code"], problem["detail"]) == (503, "not_ready", words)
            assert (await client.get("/health")).status == 200
    assert (await client.get("/health/ready")).status == 200
