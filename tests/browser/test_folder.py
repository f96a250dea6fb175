"""A folder on its way to be a course: seen, changed, sent over a cut line, gone on with, and made."""

import asyncio
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser.conftest import Device, OpenDevice, School, until
from browser.moving import drag, lift_and_carry_down, lift_and_put_back
from playwright.async_api import Page, Request, Route, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one Chromium for all

MADE = """async (address) => (await (await fetch(address)).json()).sections
    .map((section) => [section.title, section.contents.map((content) => content.title)])"""
FILES = ("1 Dough/01 Flour.md", "1 Dough/02 Water.md", "1 Dough/recipe.zip", "2 Oven/01 Heat.md", ".DS_Store")


def make_folder(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"Weigh everything first.\n\n" + name.encode())
    return folder


async def enter(device: Device, school: School, path: str = "/admin/courses/folder") -> Page:
    await device.sign_in(school, "olga@example.org")
    await device.page.goto(f"{school.address}{path}")
    return device.page


async def choose(page: Page, folder: Path) -> None:
    await page.locator("input[type=file][webkitdirectory]").set_input_files(folder)


async def make(page: Page, lessons: str) -> None:
    await page.get_by_role("button", name=f"Make {lessons} lesson").click()
    await page.wait_for_url(lambda url: re.search(r"/admin/courses/[0-9a-f-]{36}$", url) is not None)


async def made(page: Page) -> list[tuple[str, list[str]]]:
    course = urlsplit(page.url).path.rpartition("/")[2]
    return [(title, titles) for title, titles in await page.evaluate(MADE, f"/api/v1/courses/{course}")]


def listen_for_uploads(page: Page) -> list[str]:
    """The addresses at which files are begun to be sent, as they come."""
    begun: list[str] = []

    def hear(request: Request) -> None:
        if request.method == "POST" and "/upload/tus" in request.url:
            begun.append(request.url)

    page.on("request", hear)
    return begun


async def test_a_folder_is_seen_as_a_course_before_it_is_sent(
    school: School, open_device: OpenDevice, tmp_path: Path, screen: str
) -> None:
    page = await enter(await open_device(screen), school)
    begun = listen_for_uploads(page)
    await choose(page, make_folder(tmp_path / f"Baking bread {screen}", *FILES))
    await expect(page.get_by_role("heading", name=f"What will become of “Baking bread {screen}”")).to_be_visible()
    await expect(page.get_by_text("recipe.zip an archive, offered as it is")).to_be_visible()
    await page.get_by_text("Left out, one file").click()
    await expect(page.get_by_text("hidden, or belongs to a system and not to the course")).to_be_visible()
    await page.get_by_role("textbox", name="Title of section 1").fill("The dough")
    await page.get_by_role("textbox", name="Title of 1 Dough/01 Flour.md").fill("Flour and salt")
    await page.get_by_role("checkbox", name="Take 2 Oven/01 Heat.md").uncheck()
    await expect(page.get_by_text("Two lessons in one section.")).to_be_visible()
    assert begun == [], "nothing is sent before it is wanted"
    await make(page, "two")
    assert len(begun) == 3, "what is left out stays where it is"
    assert await made(page) == [("The dough", ["Flour and salt", "Water"])]


async def test_lessons_of_a_plan_are_put_in_order_by_keyboard(
    school: School, open_device: OpenDevice, tmp_path: Path, screen: str
) -> None:
    page = await enter(await open_device(screen), school)
    folder = make_folder(tmp_path / f"Buns {screen}", *FILES)
    await choose(page, folder)
    await lift_and_carry_down(page, "Flour", steps=2, places=("Place 1 of 2 in Dough", "Place 1 of 2 in Oven"))
    await page.keyboard.press("Space")
    await expect(page.get_by_text("Flour, dropped. Place 1 of 2 in Oven")).to_have_count(1)
    await page.get_by_role("button", name="Section up: Oven").press("Enter")
    await expect(page.get_by_role("button", name="Section down: Oven")).to_be_focused()
    await lift_and_put_back(page, "Heat")
    await page.reload()
    await choose(page, folder)
    await expect(page.get_by_role("textbox", name="Title of section 1")).to_have_value("Oven")
    await make(page, "three")
    assert await made(page) == [("Oven", ["Flour", "Heat"]), ("Dough", ["Water"])]


async def test_a_lesson_of_a_plan_is_dragged_and_an_emptied_section_stays_in_its_place(
    school: School, open_device: OpenDevice, tmp_path: Path, screen: str
) -> None:
    page = await enter(await open_device(screen), school)
    folder = make_folder(tmp_path / f"Muffins {screen}", *FILES)
    await choose(page, folder)
    await drag(page, "Heat", onto="Water", by_finger=screen == "phone")
    await expect(page.get_by_text("Heat, dropped. Place 2 of 3 in Dough")).to_have_count(1)
    await page.get_by_role("button", name="Section up: Oven").click()
    await page.reload()
    await choose(page, folder)
    await expect(page.get_by_role("textbox", name="Title of section 1")).to_have_value("Oven")
    await make(page, "three")
    assert await made(page) == [("Dough", ["Flour", "Heat", "Water"])]


async def test_an_arrow_keeps_the_focus_over_the_border_of_a_section(
    school: School, open_device: OpenDevice, tmp_path: Path
) -> None:
    page = await enter(await open_device(), school)
    await choose(page, make_folder(tmp_path / "Scones", *FILES))
    down = page.get_by_role("button", name="Down: Water")
    await down.press("Enter")
    await expect(page.get_by_text("Water. Place 1 of 2 in Oven")).to_have_count(1)
    await expect(down).to_be_focused()


async def test_a_folder_is_dropped(school: School, open_device: OpenDevice, tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "Baking cake", *FILES)
    page = await enter(await open_device(), school)
    area = await page.get_by_text("Drop a folder here").bounding_box()
    assert area is not None
    hand = await page.context.new_cdp_session(page)
    for what in ("dragEnter", "dragOver", "drop"):
        carried = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
        await hand.send("Input.dispatchDragEvent", {"type": what, "x": area["x"], "y": area["y"], "data": carried})
    await expect(page.get_by_text("Left out, one file")).to_be_visible()
    await expect(page.get_by_role("button", name="Make three lessons")).to_be_visible()


async def test_a_folder_goes_on_after_a_cut_line_and_a_closed_page(
    school: School, open_device: OpenDevice, tmp_path: Path, screen: str
) -> None:
    device = await open_device(screen)
    page = await enter(device, school)
    folder = make_folder(tmp_path / f"Rye {screen}", *FILES)
    arrived: list[str] = []

    async def cut(route: Route) -> None:
        """One file arrives, then the line is cut."""
        if route.request.method == "PATCH" and arrived:
            await route.abort("connectionreset")
        else:
            arrived.extend([route.request.url] if route.request.method == "PATCH" else [])
            await route.continue_()

    await page.route("**/upload/tus/*", cut)
    await choose(page, folder)
    await page.get_by_role("textbox", name="Title of 1 Dough/02 Water.md").fill("Water, warm")
    await page.get_by_role("checkbox", name="Take 2 Oven/01 Heat.md").uncheck()
    await page.get_by_role("button", name="Make two lessons").click()
    await expect(page.get_by_text("Arrived", exact=True)).to_be_visible()
    await expect(page.get_by_text("The line is cut; it goes on by itself").first).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())  # that files are on their way
    await page.reload()
    await expect(page.get_by_text("Choose the same folder again")).to_be_visible()
    await page.unroute("**/upload/tus/*")
    begun = listen_for_uploads(page)
    await choose(page, folder)
    await expect(page.get_by_text("2 files,")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Title of 1 Dough/02 Water.md")).to_have_value("Water, warm")
    await expect(page.get_by_role("checkbox", name="Take 2 Oven/01 Heat.md")).not_to_be_checked()
    await make(page, "two")
    assert await made(page) == [("Dough", ["Flour", "Water, warm"])]
    assert begun == [], "what was begun went on where it was"
    device.complaints.clear()  # the browser itself reports the cuts


async def test_the_course_is_made_while_somebody_looks_at_other_pages(
    school: School, open_device: OpenDevice, tmp_path: Path
) -> None:
    page = await enter(await open_device(), school)
    released = asyncio.Event()

    async def hold(route: Route) -> None:
        await released.wait()
        await route.continue_()

    await page.route("**/upload/tus/*", hold)
    await choose(page, make_folder(tmp_path / "Spelt", "01 Spelt.md"))
    await page.get_by_role("button", name="Make one lesson").click()
    await expect(page.get_by_text("The course is made when all of it has arrived.")).to_be_visible()
    await page.get_by_role("link", name="Courses", exact=True).first.click()
    await expect(page.get_by_role("heading", name="Courses", level=1)).to_be_visible()
    async with page.expect_response(lambda answer: answer.url.endswith("/apply")) as asked:
        released.set()
    assert (await asked.value).status == 200
    await until(page, "async () => (await (await fetch('/api/v1/courses?q=Spelt')).json()).length === 1")


async def test_a_newer_copy_of_a_course_brings_it_up_to_date(school: School, open_device: OpenDevice, tmp_path: Path) -> None:
    page = await enter(await open_device(), school)
    await choose(page, make_folder(tmp_path / "Pies", "1 Dough/01 Flour.md", "1 Dough/02 Butter.md", "2 Oven/01 Heat.md"))
    await make(page, "three")
    newer = make_folder(tmp_path / "Pies (2)", "1 Dough/01 Flour.md", "1 Dough/02 Butter.md", "2 Oven/01 Heat.md")
    (newer / "2 Oven/01 Heat.md").rename(newer / "2 Oven/02 Hotter.md")
    (newer / "1 Dough/02 Butter.md").write_bytes(b"Cold butter.\n")
    make_folder(newer, "2 Oven/01 Light.md", "2 Oven/03 Wait.md")
    (newer / "1 Dough/01 Flour.md").unlink()
    await choose(page, newer)
    await expect(page.get_by_role("heading", name="What “Pies (2)” adds to “Pies”")).to_be_visible()
    await page.get_by_role("button", name="It is a newer copy of the course").click()
    await expect(page.get_by_role("heading", name="What “Pies (2)” changes in “Pies”")).to_be_visible()
    await expect(page.get_by_text("3 files are new, 1 changed, 2 not there any more.")).to_be_visible()
    await page.get_by_role("button", name="Bring the course up to date").click()
    await page.wait_for_url(lambda url: re.search(r"/admin/courses/[0-9a-f-]{36}$", url) is not None)
    await expect(page.get_by_role("heading", name="Pies", exact=True, level=1)).to_be_visible()
    assert await made(page) == [("Dough", ["Butter"]), ("Oven", ["Light", "Hotter", "Wait"])]
    await choose(page, newer)
    await expect(page.get_by_role("heading", name="What “Pies (2)” changes in “Pies”")).to_be_visible()
    await page.get_by_role("button", name="Add it as a part of its own instead").click()
    await expect(page.get_by_role("heading", name="What “Pies (2)” adds to “Pies”")).to_be_visible()


async def test_a_folder_dropped_on_a_course_becomes_a_part_of_it(
    school: School, open_device: OpenDevice, tmp_path: Path, screen: str
) -> None:
    page = await enter(await open_device(screen), school)
    await choose(page, make_folder(tmp_path / f"Cakes {screen}", "01 Cake.md"))
    await make(page, "one")
    for name, files, lessons in (
        ("Butter", ["01 Cake.md"], "one"),
        ("03 Layers", ["1 Thin/01 Sponge.md", "2 Thick/01 Pound.md"], "two"),
    ):
        await choose(page, make_folder(tmp_path / name, *files))
        await expect(page.get_by_role("heading", name=f"What “{name}” adds to “Cakes {screen}”")).to_be_visible()
        await make(page, lessons)
        await expect(page.get_by_role("heading", name=f"Cakes {screen}", level=1)).to_be_visible()
    assert await made(page) == [
        (f"Cakes {screen}", ["Cake"]),
        ("Butter", ["Cake"]),
        ("3 Layers - 1 Thin", ["Sponge"]),
        ("3 Layers - 2 Thick", ["Pound"]),
    ]
