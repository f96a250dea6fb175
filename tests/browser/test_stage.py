"""The player under hands: chapters from their menu, and what fingers do on a telephone's picture."""

import pytest
from browser.conftest import OpenDevice, School, until
from browser.watching import CURRENT_TIME, IS_NEAR, IS_PAUSED, IS_PLAYING, IS_READY, open_lesson, seek
from playwright.async_api import Page, Route, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one Chromium for all

TAP_TWICE = """(share) => {
    const video = document.querySelector('video');
    const { left, top, width } = video.getBoundingClientRect();
    const at = { bubbles: true, clientX: left + share * width, clientY: top + 8 };
    for (let tap = 0; tap < 2; tap++) {
        video.dispatchEvent(new PointerEvent('pointerdown', { ...at, pointerType: 'touch' }));
        video.dispatchEvent(new PointerEvent('pointerup', { ...at, pointerType: 'touch' }));
        video.dispatchEvent(new MouseEvent('click', at));
    }
}"""
"""Both at once: how quickly a busy machine taps is not the question."""
STROKE_DOWN = """() => {
    const video = document.querySelector('video');
    for (const [type, clientY] of [['pointerdown', 100], ['pointerup', 300]])
        video.dispatchEvent(new PointerEvent(type, { bubbles: true, clientX: 200, clientY, pointerType: 'touch' }));
}"""
IS_ASLEEP = "() => !!document.querySelector('[data-player].asleep')"
IS_AWAKE = "() => !document.querySelector('[data-player].asleep')"
IS_FULL = "() => document.fullscreenElement?.matches('[data-player]') ?? false"
IS_NOT_FULL = "() => !document.fullscreenElement"
SHOWS_NOW = """() => {
    const [box, now] = [document.querySelector('[role=region]'), document.querySelector('[role=region] [aria-current]')];
    if (!now) return false;
    const [outer, inner] = [box.getBoundingClientRect(), now.getBoundingClientRect()];
    return box.scrollTop > 0 && inner.top >= outer.top && inner.bottom <= outer.bottom;
}"""
MANY = "WEBVTT\n\n" + "\n\n".join(
    f"00:{at:02}.000 --> 00:{at + 1:02}.000\nAnd so on, {at}.{' And on.' * 9}" for at in range(39)
)


async def test_a_chapter_is_chosen_from_its_menu(school: School, open_device: OpenDevice) -> None:
    page = await open_lesson(await open_device(), school, "Light")
    await seek(page, 12)
    chapter = page.get_by_role("button", name="Chapters: A lens")
    await chapter.click()
    await expect(page.get_by_role("menuitemradio", name="A lens", checked=True)).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await until(page, IS_NEAR, 30)
    chapter = page.get_by_role("button", name="Chapters: A picture")
    await expect(chapter).to_be_focused()
    await chapter.press("ArrowDown")
    await page.keyboard.press("Home")
    await page.keyboard.press("Enter")
    await until(page, IS_NEAR, 0)


async def test_a_telephone_has_the_chapters_in_its_menu(school: School, open_device: OpenDevice) -> None:
    page = await open_lesson(await open_device("phone"), school, "Light")
    await until(page, IS_READY)
    await expect(page.get_by_role("button", name="Chapters")).to_be_hidden()
    await page.get_by_role("button", name="Quality and more").tap()
    await page.get_by_role("menuitemradio", name="A picture").tap()
    await until(page, IS_NEAR, 30)


async def test_two_taps_at_a_side_leap(school: School, open_device: OpenDevice) -> None:
    page = await open_lesson(await open_device("phone"), school, "Light")
    await seek(page, 15)
    await page.evaluate(TAP_TWICE, 0.9)
    await until(page, IS_NEAR, 25)
    await page.evaluate(TAP_TWICE, 0.1)
    await until(page, IS_NEAR, 15)
    await page.evaluate(TAP_TWICE, 0.5)
    assert abs(float(await page.evaluate(CURRENT_TIME)) - 15) < 2, "the middle is for the controls"
    await until(page, IS_PAUSED)


async def test_a_tap_shows_the_controls_and_another_hides_them(school: School, open_device: OpenDevice) -> None:
    page = await open_lesson(await open_device("phone"), school, "Light")
    await seek(page, 2)
    await page.locator(".begin").tap()
    await until(page, IS_PLAYING)
    await until(page, IS_ASLEEP)
    await _tap_the_picture(page)
    await until(page, IS_AWAKE)
    await _tap_the_picture(page)
    await until(page, IS_ASLEEP)
    assert await page.evaluate(IS_PLAYING), "a finger on the picture does not stop it"


async def _tap_the_picture(page: Page) -> None:
    await page.locator("video").tap(position={"x": 195, "y": 8})


async def test_a_stroke_down_leaves_the_full_screen(school: School, open_device: OpenDevice) -> None:
    page = await open_lesson(await open_device("phone"), school, "Light")
    await until(page, IS_READY)
    await page.evaluate(STROKE_DOWN)
    await until(page, IS_NOT_FULL)
    await page.get_by_role("button", name="Full screen").tap()
    await until(page, IS_FULL)
    await expect(page.get_by_role("button", name="Leave full screen")).to_be_attached()  # the page has heard of it, too
    await page.evaluate(STROKE_DOWN)
    await until(page, IS_NOT_FULL)


async def test_the_transcript_follows_until_a_hand_moves_it(school: School, open_device: OpenDevice) -> None:
    device = await open_device()

    async def say_much(route: Route) -> None:
        await route.fulfill(body=MANY, content_type="text/vtt")

    await device.page.route(lambda url: url.endswith("/captions/en.vtt"), say_much)
    page = await open_lesson(device, school, "Light")
    await seek(page, 35)
    await until(page, SHOWS_NOW)
    back = page.get_by_role("button", name="Back to now")
    await expect(back).to_be_hidden()
    await page.get_by_role("region", name="Transcript").hover()
    await page.mouse.wheel(0, -400)
    await expect(back).to_be_visible()
    await back.click()
    await until(page, SHOWS_NOW)
    await expect(back).to_be_hidden()
