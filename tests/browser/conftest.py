"""A served course and a real Chromium, which fails the test for a console error or a request to another address."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from browser.material import make_course
from command import Serving, Shell
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENS = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
WITHOUT_WORKER = "delete Navigator.prototype.serviceWorker"
"""What a worker of the pages fetches, no test could see or change."""
PASSWORDS = {"olga@example.org": "nine brass lamps", "leo@example.org": "seven green doors"}


expect.set_options(timeout=30_000)


@dataclass
class School:
    """A served box with one course: “Seeing” with films, pages, slides and text."""

    shell: Shell
    serving: Serving
    course: dict[str, Any]

    @property
    def address(self) -> str:
        return self.serving.address

    def lesson(self, title: str) -> str:
        """The address of a lesson's page."""
        (content,) = (content for content in self.course["contents"] if content["title"] == title)
        return f"{self.address}/courses/{self.course['course_id']}/contents/{content['id']}"


@pytest.fixture(scope="session")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    folder = make_course(tmp_path_factory.mktemp("folders") / "Seeing")
    shell = Shell(tmp_path_factory.mktemp("school"))
    for email, password in PASSWORDS.items():
        role = "admin" if email.startswith("olga") else "user"
        added = shell.run("user", "add", email, "--role", role, "--password-stdin", stdin=password)
        assert added.code == 0, added.err
    imported = shell.run("course", "import", str(folder), "--publish", "--wait", "--json")
    assert imported.code == 0, imported.err
    with shell.serving() as serving:
        yield School(shell, serving, imported.json)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: the pages are not tested")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@dataclass
class Device:
    """A browser profile of its own, with one page open."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    forgiven: tuple[str, ...] = ()
    """How that begins which may be complained of."""

    @classmethod
    async def open(cls, context: BrowserContext) -> "Device":
        device = cls(await context.new_page())
        _listen(device)
        return device

    async def sign_in(self, school: School, email: str) -> None:
        """As the form does it, without its page and the one that comes after it."""
        said = {"email": email, "password": PASSWORDS[email]}
        answer = await self.page.context.request.post(f"{school.address}/api/v1/auth/login", data=said)
        assert answer.ok, await answer.text()

    async def sign_in_by_hand(self, school: School, email: str) -> None:
        await self.page.goto(f"{school.address}/sign-in")
        await self.page.fill("input[type=email]", email)
        await self.page.fill("input[type=password]", PASSWORDS[email])
        await self.page.keyboard.press("Enter")
        await self.page.wait_for_url(lambda url: "/sign-in" not in url)


OpenDevice = Callable[..., Coroutine[Any, Any, Device]]


@pytest_asyncio.fixture(loop_scope="session")
async def open_device(browser: Browser) -> AsyncIterator[OpenDevice]:
    """`await open_device("phone")`; whatever any of them complained of fails the test at its end.

    Only `worker=True` lets the pages keep themselves for times without a line.
    """
    contexts: list[BrowserContext] = []
    devices: list[Device] = []

    async def open_one(screen: str = "desktop", *, worker: bool = False) -> Device:
        context = await browser.new_context(
            viewport=SCREENS[screen],  # type: ignore[arg-type]  # playwright's own typed dict
            has_touch=screen == "phone",
            is_mobile=screen == "phone",
        )
        if not worker:
            await context.add_init_script(WITHOUT_WORKER)
        contexts.append(context)
        devices.append(await Device.open(context))
        return devices[-1]

    yield open_one
    for context in contexts:
        await context.close()
    assert [complaint for device in devices for complaint in device.complaints] == []


async def until(page: Page, condition: str, argument: object = None) -> None:
    """Waits until a function of the page is true. (Playwright's own wait evaluates text, which the content policy forbids.)"""
    async with asyncio.timeout(60):
        while not await page.evaluate(condition, argument):  # noqa: ASYNC110 -- the page cannot set an event of ours
            await asyncio.sleep(0.05)


def _listen(device: Device) -> None:
    def hear(kind: str, text: str) -> None:
        if kind in ("error", "warning") and not text.startswith(device.forgiven):
            device.complaints.append(text)

    device.page.on("console", lambda message: hear(message.type, message.text))

    def ask(address: str) -> None:
        if not _is_ours(address):
            device.complaints.append(f"asks for {address}")

    device.page.on("pageerror", lambda error: hear("error", str(error)))
    device.page.on("request", lambda request: ask(request.url))


def _is_ours(address: str) -> bool:
    asked = urlsplit(address)
    return asked.scheme in ("data", "blob") or asked.hostname == "127.0.0.1"


@pytest.fixture(params=list(SCREENS))
def screen(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def pictures(request: pytest.FixtureRequest) -> Path | None:
    """Where to keep screenshots, when asked for with --pictures DIR."""
    folder = request.config.getoption("--pictures")
    return Path(str(folder)) if folder else None
