"""Every page, filled: axe finds nothing in light and dark at three widths, and the keyboard reaches everything and is seen."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from browser.conftest import PASSWORDS, Device, School, until
from playwright.async_api import Browser, Page

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one Chromium for all

HERE = Path(__file__).parent
AXE = HERE.parents[1] / "web" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (1440, 768, 320)
HEIGHT = 900
IS_SETTLED = """() => document.querySelector('h1') && !document.querySelector('main [aria-busy=true]')
    && [...document.images].every((image) => image.complete || image.loading === 'lazy')"""
IS_DRAWN = """async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    await Promise.allSettled(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished));
}"""
RUN_AXE = """async (rules) => {
    const only = rules ? { runOnly: { type: 'rule', values: rules } } : {};
    const { violations } = await axe.run(document, { preload: false, resultTypes: ['violations'], ...only });
    const where = (node) => `${node.html.slice(0, 200)} (${node.failureSummary})`;
    return violations.map((one) => `${one.id}: ${one.nodes.map(where).join(', ')}`);
}"""
OF_COLOUR = ["color-contrast", "link-in-text-block"]
"""The rules that the theme decides; what the others look at is the same in light and dark."""
NOWHERE = "00000000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Look:
    """A page as somebody sees it; `{Light}` stands for the path of the lesson of that name."""

    who: str
    path: str
    shows: str = "h1"
    press: str | None = None
    """The button whose menu or dialog is looked at."""
    drops: bool = False
    """A folder is dropped first, and its plan looked at."""
    refused: bool = False
    """The box says no, which the browser itself reports."""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.who, self.path, self.press, "with a folder" if self.drops else None)))


DOORS = ("/sign-in", "/register", "/link", "/set-password", "/set-password#token", "/first-admin#token")
SHOWN = ("/", "/catalogue", "/catalogue?q=zither", "/courses/{course}", "{Light}", "/nowhere")
MINE = ("/", "/catalogue", "/courses/{course}", "/notes", "/notes?q=zither", "/account", "/admin")
DESKS = ("", "/people", "/people/{leo}", "/courses", "/courses/folder", "/jobs", "/settings")
LOOKS = [
    *(Look("nobody", path) for path in (*DOORS, *SHOWN)),
    *(Look("leo", path) for path in MINE),
    *(Look("leo", f"/courses/{NOWHERE}{rest}", refused=True) for rest in ("", f"/contents/{NOWHERE}")),
    *(Look("leo", path, "role=slider[name='Seek']") for path in ("{Light}", "{A hum}")),
    Look("leo", "{Plans}", "canvas"),
    Look("leo", "{Slides}", "text=What a lens does"),
    Look("leo", "{A pinhole}", "img[alt='A slope']"),
    *(Look("leo", "{Light}", "video", button) for button in ("Quality and more", "Captions (c)", "Speed")),
    Look("leo", "/", press="your account"),
    Look("leo", "/account", press="Delete the account…"),
    *(Look("olga", f"/admin{path}") for path in DESKS),
    Look("olga", "/admin/courses/folder", drops=True),
    *(Look("olga", f"/admin/courses/{{course}}{rest}") for rest in ("", "/learners")),
    Look("olga", "/admin/people", press="Invite someone"),
    Look("olga", "/admin/courses", press="New course"),
    Look("olga", "/admin/courses/{course}", press="More about Light"),
]


@dataclass
class Filled:
    """The school with a learner in the middle of it, and a device for each who looks."""

    school: School
    devices: dict[str, Device]
    leo: str
    folder: Path

    def address(self, look: Look) -> str:
        course = self.school.course["course_id"]
        lessons = {one["title"]: f"/courses/{course}/contents/{one['id']}" for one in self.school.course["contents"]}
        return self.school.address + look.path.format_map({**lessons, "course": course, "leo": self.leo})


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def filled(browser: Browser, school: School, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Filled]:
    if not AXE.is_file():
        pytest.skip("axe is not here: `python web/build_site.py check` brings the packages of the pages")
    devices = {}
    for who in ("nobody", "leo", "olga"):
        context = await browser.new_context(viewport={"width": WIDTHS[0], "height": HEIGHT}, reduced_motion="reduce")
        for script in (AXE, HERE / "focus.js"):
            await context.add_init_script(path=script)
        devices[who] = await Device.open(context)
    await _sign_in(school, devices["olga"].page, "olga@example.org")
    leo = await _sign_in(school, devices["leo"].page, "leo@example.org")
    await _learn(school, devices["leo"].page)
    yield Filled(school, devices, leo, _make_doubtful(tmp_path_factory.mktemp("dropped") / "Boats"))
    for device in devices.values():
        await device.page.context.close()


def _make_doubtful(folder: Path) -> Path:
    """With everything that a plan may speak of: doubts, captions, files beside lessons, and what is left out."""
    names = ("1 Sails/Tack.md", "1 Sails/Gybe.md", "1 Sails/rope.zip", "2 Film/01 Out.mp4", "2 Film/01 Out.en.vtt", ".DS_Store")
    for name in (*names, "2 Film/02 In.mp4", "README.md", *(f"2 Film/01 Out {part}.txt" for part in "abcd")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"About {name}\n")
    return folder


async def _sign_in(school: School, page: Page, email: str) -> str:
    await _send(school, page, "POST", "/auth/login", {"email": email, "password": PASSWORDS[email]})
    return str((await _send(school, page, "GET", "/auth/me"))["id"])


async def _learn(school: School, page: Page) -> None:
    """Something begun, something done, and a note at a second and on a page."""
    course = school.course["course_id"]
    lessons = {content["title"]: content["id"] for content in school.course["contents"]}
    await _send(school, page, "POST", f"/courses/{course}/enrollment")
    await _send(school, page, "PUT", f"/contents/{lessons['Light']}/progress", {"position": 12, "watched": [[0, 12]]})
    await _send(school, page, "PUT", f"/contents/{lessons['Slides']}/progress", {"completed": True})
    for title, at, text in (("Light", 7.5, "It is *upside down*."), ("Plans", 2, "Measure twice: `a = b`")):
        note = {"course_id": course, "content_id": lessons[title], "at": at, "content": text}
        await _send(school, page, "POST", "/notes", note)


async def _send(school: School, page: Page, method: str, path: str, body: object = None) -> Any:
    answer = await page.request.fetch(f"{school.address}/api/v1{path}", method=method, data=body)
    assert answer.ok, await answer.text()
    return await answer.json()


@pytest.mark.parametrize("look", LOOKS, ids=str)
async def test_axe_finds_nothing_and_the_keyboard_reaches_all(filled: Filled, look: Look) -> None:
    device = filled.devices[look.who]
    device.complaints.clear()
    await _open(filled, device.page, look)
    found = [f"{width} {what}" for width in WIDTHS for what in await _examine(device.page, width, alone=look.press is not None)]
    assert found == [], "\n".join(found)
    complaints = [one for one in device.complaints if not (look.refused and one.startswith("Failed to load resource"))]
    assert complaints == []


async def _open(filled: Filled, page: Page, look: Look) -> None:
    await page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    await page.goto("about:blank")  # an address that differs in its fragment alone would not be loaded
    await page.goto(filled.address(look))
    await page.locator(look.shows).first.wait_for()
    await until(page, IS_SETTLED)
    if look.drops:
        await page.locator("input[type=file][webkitdirectory]").set_input_files(filled.folder)
        await page.get_by_role("textbox", name="Title of the course").wait_for()
    if look.press:
        await page.get_by_role("button", name=look.press).first.click()


async def _examine(page: Page, width: int, *, alone: bool) -> list[str]:
    await page.set_viewport_size({"width": width, "height": HEIGHT})
    await page.evaluate(IS_DRAWN)
    found: list[str] = await page.evaluate(RUN_AXE, None)
    await page.emulate_media(color_scheme="dark")
    await page.evaluate(IS_DRAWN)
    found += [f"dark {what}" for what in await page.evaluate(RUN_AXE, OF_COLOUR)]
    await page.emulate_media(color_scheme="light")
    return found if alone or width == 768 else [*found, *await _walk(page)]


async def _walk(page: Page) -> list[str]:
    """Tab by Tab through the whole page."""
    found: list[str] = []
    for _ in range(await page.evaluate("() => rememberControls()") + 1):
        await page.keyboard.press("Tab")
        found += await page.evaluate("() => checkFocused()") or []
    return [*found, *await page.evaluate("() => missedControls()")]
