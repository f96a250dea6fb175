"""The paths that learners walk, in a real browser."""

from pathlib import Path

import pytest
from browser.conftest import OpenDevice, School, until
from browser.watching import CURRENT_TIME, IS_NEAR, IS_READY, is_progress, open_lesson, play_until, seek
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one Chromium for all


async def test_a_visitor_finds_the_course_and_signs_in(school: School, open_device: OpenDevice, screen: str) -> None:
    device = await open_device(screen)
    await device.page.goto(school.address)
    await expect(device.page.get_by_role("link", name="Seeing").first).to_be_visible()
    await device.sign_in_by_hand(school, "leo@example.org")
    await expect(device.page.get_by_role("main")).to_be_visible()


async def test_the_catalogue_is_searched_from_every_page(school: School, open_device: OpenDevice) -> None:
    device = await open_device()
    page = device.page
    await device.sign_in(school, "leo@example.org")
    await page.goto(school.address)
    field = page.get_by_role("searchbox", name="Search the catalogue")
    await field.fill("zither")
    await field.press("Enter")
    await expect(page.get_by_role("heading", name="Nothing about “zither”")).to_be_visible()
    await expect(field).to_have_count(1)  # the catalogue's own, with what was asked for
    await expect(field).to_have_value("zither")


async def test_wrong_passwords_are_answered_in_words(school: School, open_device: OpenDevice) -> None:
    device = await open_device()
    await device.page.goto(f"{school.address}/sign-in")
    await device.page.fill("input[type=email]", "leo@example.org")
    await device.page.fill("input[type=password]", "seven green doorways")
    await device.page.keyboard.press("Enter")
    await expect(device.page.get_by_text("do not belong together")).to_be_visible()
    device.complaints.clear()  # the browser itself reports the 401


async def test_a_film_is_resumed_on_another_device(school: School, open_device: OpenDevice, pictures: Path | None) -> None:
    desk = await open_device("desktop")
    page = await open_lesson(desk, school, "Light")
    await play_until(page, 4.0)
    assert str(await page.evaluate("document.querySelector('video, audio').src")).startswith("blob:"), "played through HLS"
    async with page.expect_response(is_progress):
        await page.keyboard.press("k")
    stopped_at = float(await page.evaluate(CURRENT_TIME))
    if pictures:
        await page.screenshot(path=pictures / "player-desktop.png")
    await page.reload()
    await until(page, IS_NEAR, stopped_at)
    phone = await open_device("phone")
    await phone.sign_in(school, "leo@example.org")
    await phone.page.goto(school.lesson("Light"))
    await until(phone.page, IS_NEAR, stopped_at)
    if pictures:
        await phone.page.screenshot(path=pictures / "player-phone.png")


async def test_a_film_comes_with_the_first_hand(school: School, open_device: OpenDevice) -> None:
    """Whoever reads the words around it need not wait for it; where to go on is said before."""
    page = await open_lesson(await open_device(), school, "Light")
    await seek(page, 12)
    async with page.expect_response(is_progress):
        await play_until(page, 13)
        await page.keyboard.press("k")
    phone = await open_device("phone")
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))
    await phone.sign_in(school, "leo@example.org")
    await phone.page.goto(school.lesson("Light"))
    await until(phone.page, IS_NEAR, 13)
    assert [address for address in asked if address.endswith(".m3u8")] == []
    async with phone.page.expect_request("**/*.m3u8"):
        await phone.page.get_by_role("heading", name="Light", level=1).tap()
    await until(phone.page, IS_READY)
    await until(phone.page, IS_NEAR, 13)


async def test_captions_are_there(school: School, open_device: OpenDevice) -> None:
    page = await open_lesson(await open_device(), school, "Light")
    await play_until(page, 1.0)
    await expect(page.get_by_text("Light comes in.").first).to_be_visible()


async def test_sound_plays(school: School, open_device: OpenDevice) -> None:
    page = await open_lesson(await open_device(), school, "A hum")
    await play_until(page, 1.0)


async def test_pages_are_read_and_resumed(school: School, open_device: OpenDevice, screen: str) -> None:
    page = await open_lesson(await open_device(screen), school, "Plans")
    await expect(page.locator("canvas").first).to_be_visible()
    place = page.get_by_role("textbox", name="Page of 5")
    number = {"desktop": "3", "phone": "4"}[screen]  # the same learner: a page that the other screen has not left open
    async with page.expect_response(is_progress):
        await place.fill(number)
        await place.press("Enter")
    await page.reload()
    await expect(place).to_have_value(number)


async def test_slides_are_readable(school: School, open_device: OpenDevice, screen: str) -> None:
    page = await open_lesson(await open_device(screen), school, "Slides")
    slides = page.get_by_role("main")
    await expect(slides.get_by_text("What a lens does").first).to_be_visible()
    await expect(slides.get_by_text("Or it does not.").first).to_be_visible()


async def test_a_text_shows_its_pictures_and_links_into_the_course(school: School, open_device: OpenDevice) -> None:
    page = await open_lesson(await open_device(), school, "A pinhole")
    picture = page.get_by_role("img", name="A slope")
    await expect(picture).to_be_visible()
    await until(page, "() => document.querySelector('img[alt=\"A slope\"]').naturalWidth > 0")
    await page.get_by_role("link", name="the film").click()
    await expect(page.get_by_role("heading", name="Light", level=1)).to_be_visible()


async def test_done_by_hand_stands_on_the_course_page(school: School, open_device: OpenDevice, screen: str) -> None:
    page = await open_lesson(await open_device(screen), school, "Slides")
    button = page.get_by_role("button", name="Mark as done")
    if await button.is_visible():
        async with page.expect_response(is_progress):
            await button.click()
    await page.goto(f"{school.address}/courses/{school.course['course_id']}")
    await expect(page.get_by_text("lessons done").first).to_contain_text("of 5")
