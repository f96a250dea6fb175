"""The paths that admins walk, in a real browser."""

import re
from typing import Any

import pytest
from browser.conftest import PASSWORDS, Device, OpenDevice, School
from browser.moving import drag, grip_of, lift_and_carry_down, lift_and_put_back
from playwright.async_api import Page, Response, Route, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one Chromium for all

TEXT = b"# Throwing\n\nCentre the clay first.\n"


async def _enter(device: Device, school: School, path: str) -> Page:
    await device.sign_in(school, "olga@example.org")
    await device.page.goto(f"{school.address}{path}")
    return device.page


async def _new_course(page: Page, school: School, title: str) -> None:
    await page.goto(f"{school.address}/admin/courses")
    await page.get_by_role("button", name="New course").click()
    await page.get_by_role("textbox", name="Title").fill(title)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()


async def _send_texts(page: Page, *titles: str) -> None:
    files = [
        {"name": f"{number} {title}.md", "mimeType": "text/markdown", "buffer": TEXT + title.encode()}
        for number, title in enumerate(titles, 1)
    ]
    await _send(page, *files)
    await expect(page.locator("[data-row] .title")).to_have_text(list(titles))


async def _send(page: Page, *files: Any) -> None:
    await page.locator("input[type=file][multiple]").set_input_files(files)
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_text("Everything has arrived.")).to_be_visible()


async def _titles(page: Page) -> list[str]:
    """Also of rows that are out of sight, which have no inner text until they are laid out."""
    return [title.strip() for title in await page.locator("[data-row] .title").all_text_contents()]


def _is_order(answer: Response) -> bool:
    return answer.url.endswith("/order") and answer.request.method == "PUT"


async def test_lessons_are_put_in_order_by_keyboard(school: School, open_device: OpenDevice, screen: str) -> None:
    page = await _enter(await open_device(screen), school, "/admin")
    await _new_course(page, school, f"Pottery {screen}")
    await _send_texts(page, "Clay", "Wheel", "Kiln")
    assert await _titles(page) == ["Clay", "Wheel", "Kiln"]
    await lift_and_carry_down(page, "Clay", steps=2, places=("Place 1 of 3", "Place 3 of 3"))
    async with page.expect_response(_is_order) as kept:
        await page.keyboard.press("Space")
    assert (await kept.value).status == 200
    await expect(page.get_by_text("“Clay” is now lesson 3.")).to_be_visible()
    await page.reload()
    await expect(grip_of(page, "Clay")).to_be_visible()
    assert await _titles(page) == ["Wheel", "Kiln", "Clay"]
    await lift_and_put_back(page, "Clay")
    assert await _titles(page) == ["Wheel", "Kiln", "Clay"], "Escape puts it back"


async def test_lessons_are_dragged_and_changed(school: School, open_device: OpenDevice) -> None:
    page = await _enter(await open_device(), school, "/admin")
    await _new_course(page, school, "Weaving")
    await _send_texts(page, "Warp", "Weft", "Loom")
    async with page.expect_response(_is_order):
        await drag(page, "Loom", onto="Warp")
    await expect(page.get_by_text("“Loom” is now lesson 1.")).to_be_visible()
    assert await _titles(page) == ["Loom", "Warp", "Weft"]
    async with page.expect_response(_is_order):
        await page.get_by_role("button", name="Undo").click()
    await expect(page.locator("[data-row] .title").first).to_have_text("Warp")
    await page.get_by_role("button", name="More about Warp").click()
    await page.get_by_role("textbox", name="Title", exact=True).first.fill("The warp")
    await page.get_by_role("checkbox", name="Free to watch").check()
    await page.locator("li form").get_by_role("button", name="Save changes").click()
    await expect(page.get_by_role("button", name="Move The warp")).to_be_visible()
    await expect(page.locator("[data-row]").first).to_contain_text("Free to watch")


async def test_a_cut_line_does_no_harm_to_an_upload(school: School, open_device: OpenDevice) -> None:
    device = await open_device()
    page = await _enter(device, school, "/admin")
    await _new_course(page, school, "A long film")
    cuts: list[str] = []

    async def cut(route: Route) -> None:
        """The first two pieces are lost with their line."""
        if route.request.method == "PATCH" and len(cuts) < 2:
            cuts.append(route.request.url)
            await route.abort("connectionreset")
        else:
            await route.continue_()

    await page.route("**/upload/tus/*", cut)
    await _send_texts(page, "Reel")
    assert (len(cuts), len(set(cuts))) == (2, 1), "it went on with the upload that was begun"
    device.complaints.clear()  # the browser itself reports the cuts


async def test_somebody_is_invited_and_disabled_in_the_middle(school: School, open_device: OpenDevice) -> None:
    page = await _enter(await open_device(), school, "/admin/people")
    await page.get_by_role("button", name="Invite someone").click()
    await page.get_by_role("textbox", name="E-mail").fill("nora@example.org")
    await page.keyboard.press("Enter")
    link = await page.get_by_role("textbox", name="One-time link").input_value()
    await page.get_by_role("button", name="Done").click()
    guest = await open_device()
    await guest.page.goto(re.sub(r"^https?://[^/]+", school.address, link))
    await guest.page.get_by_role("textbox", name="password").fill("a loaf of rye bread")
    await guest.page.keyboard.press("Enter")
    await expect(guest.page.get_by_role("link", name="Home").first).to_be_visible()
    await page.get_by_role("link", name="nora").click()
    await page.get_by_role("button", name="Disable").click()
    await page.get_by_role("dialog").get_by_role("button", name="Disable").click()
    await expect(page.get_by_text("nora is disabled.")).to_be_visible()
    await guest.page.get_by_role("link", name="Catalogue").first.click()
    await guest.page.reload()
    await expect(guest.page.get_by_role("link", name="Sign in").first).to_be_visible()
    await guest.page.close()
    guest.complaints.clear()  # the browser itself reports the refusals, some of them late


async def test_the_pages_of_admins_are_closed_to_others(school: School, open_device: OpenDevice) -> None:
    device = await open_device()
    await device.sign_in(school, "leo@example.org")
    await device.page.goto(f"{school.address}/admin/people")
    await expect(device.page.get_by_role("heading", name="This is for admins")).to_be_visible()
    await expect(device.page.get_by_role("link", name="Admin")).to_have_count(0)


async def test_overview_jobs_and_settings_are_shown(school: School, open_device: OpenDevice, screen: str) -> None:
    page = await _enter(await open_device(screen), school, "/admin")
    await expect(page.get_by_role("heading", name="Room on the disk")).to_be_visible()
    await page.get_by_role("navigation", name="Admin", exact=True).get_by_role("link", name="Jobs").click()
    await expect(page.get_by_role("heading", name="Jobs", level=1)).to_be_visible()
    await expect(page.get_by_text("Ready").first).to_be_visible()
    await page.get_by_role("navigation", name="Admin", exact=True).get_by_role("link", name="Settings").click()
    await expect(page.get_by_text("secret_key").first).to_be_visible()
    assert not await page.get_by_text(PASSWORDS["olga@example.org"]).count()


async def test_a_failed_request_says_so_and_is_tried_again(school: School, open_device: OpenDevice) -> None:
    device = await open_device()
    page = await _enter(device, school, "/admin")
    for path, heading in (("people", "People"), ("courses", "Courses"), ("jobs", "Jobs"), ("settings", "Settings")):
        address = "**/api/v1/" + ("admin/settings" if path == "settings" else f"{'users' if path == 'people' else path}?*")
        await page.route(address, lambda route: route.abort("internetdisconnected"))
        await page.goto(f"{school.address}/admin/{path}")
        again = page.get_by_role("button", name="Try again").first
        await expect(again).to_be_visible()
        await page.unroute(address)
        await again.click()
        await expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        await expect(again).to_be_hidden()
    device.complaints.clear()  # the browser itself reports the cuts


async def test_why_a_file_is_not_ready_is_said_in_the_language_of_the_page(school: School, open_device: OpenDevice) -> None:
    page = await _enter(await open_device(), school, "/admin")
    await _new_course(page, school, "Old paper")
    await _send(page, {"name": "1 Torn.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 and no more"})
    editor = page.url
    english, german = "This PDF is damaged and cannot be opened.", "Diese PDF-Datei ist beschädigt und lässt sich nicht öffnen."
    jobs = f"{school.address}/admin/jobs?state=failed"
    await page.goto(jobs)
    await expect(page.locator("main [lang=en]", has_text=english)).to_be_visible()
    await page.goto(f"{school.address}/account")
    await page.get_by_label("Language", exact=True).select_option("de")
    await page.goto(jobs)
    await expect(page.get_by_text(german)).to_be_visible()
    await page.goto(editor)
    await page.get_by_role("button", name="Mehr zu Torn").click()
    await expect(page.get_by_text(german)).to_be_visible()
    await page.goto(editor.replace("/admin", ""))
    await page.get_by_role("link", name="Torn").click()
    await expect(page.get_by_text(german)).to_be_visible()
    await expect(page.get_by_text(english)).to_have_count(0)
