"""Notes in a real browser: written beside a playing film, changed, brought back, found and exported."""

from pathlib import Path
from uuid import uuid4

import pytest
from browser.conftest import OpenDevice, School, until
from browser.watching import IS_NEAR, IS_PAST, IS_PAUSED, IS_PLAYING, open_lesson, play_until, seek
from playwright.async_api import Locator, Page, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one Chromium for all


def _note(page: Page, text: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=text).filter(has=page.get_by_role("button", name="Edit"))


async def _write(page: Page, text: str) -> None:
    field = page.locator("[data-note-field]")
    await field.fill(text)
    await field.press("Control+Enter")
    await expect(field).to_have_value("")


async def test_a_note_is_written_beside_a_playing_film(school: School, open_device: OpenDevice, screen: str) -> None:
    page = await open_lesson(await open_device(screen), school, "Light")
    await seek(page, 20)
    await play_until(page, 20.5)
    await page.keyboard.press("n")
    await page.keyboard.insert_text(f"Upside down on the {screen}")
    await until(page, IS_PAUSED)
    await expect(page.get_by_text("A note at 0:2").first).to_be_visible()
    await page.keyboard.press("Control+Enter")
    await until(page, IS_PLAYING)
    assert page.url == school.lesson("Light"), "nobody left the film"
    await page.get_by_role("tab", name="Notes").click()
    note = _note(page, f"Upside down on the {screen}")
    await expect(note).to_be_visible()
    await seek(page, 35)
    await until(page, IS_PAST, 34)
    await note.get_by_role("link", name="0:2").click()
    await until(page, IS_NEAR, 21)
    assert page.url == school.lesson("Light")


async def test_a_film_goes_on_under_who_wants_it_so(school: School, open_device: OpenDevice) -> None:
    page = await open_lesson(await open_device(), school, "Light")
    await seek(page, 2)
    await page.get_by_role("checkbox", name="Pause while I write").uncheck()
    await page.get_by_role("heading", name="Light", level=1).click()
    await play_until(page, 2.5)
    await page.keyboard.press("n")
    await page.keyboard.insert_text("It plays on")
    await until(page, IS_PAST, 4)
    await until(page, IS_PLAYING)
    await page.reload()
    await expect(page.locator("[data-note-field]")).to_have_value("It plays on")  # a draft outlives the page


async def test_a_note_is_changed_deleted_and_brought_back(school: School, open_device: OpenDevice) -> None:
    page = await open_lesson(await open_device(), school, "A pinhole")
    first, second = f"Cardboard {uuid4()}", f"Tin {uuid4()}"
    await _write(page, first)
    await _note(page, first).get_by_role("button", name="Edit").click()
    await page.get_by_role("textbox").and_(page.locator(":focus")).fill(f"**{second}**")
    await page.get_by_role("button", name="Keep").first.click()
    await expect(page.locator("strong", has_text=second)).to_be_visible()
    await expect(_note(page, first)).to_have_count(0)
    await _note(page, second).get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("The note is deleted.")).to_be_visible()
    await expect(_note(page, second)).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(_note(page, second)).to_be_visible()
    await page.reload()
    await expect(_note(page, second)).to_be_visible()


async def test_notes_are_found_and_exported(school: School, open_device: OpenDevice, screen: str, tmp_path: Path) -> None:
    page = await open_lesson(await open_device(screen), school, "Plans")
    word, other = f"Mitre{uuid4().hex}", f"Dovetail{uuid4().hex}"
    await _write(page, f"{word} joints, *not* butt joints")
    await _write(page, other)
    await page.goto(f"{school.address}/notes")
    await expect(_note(page, other)).to_be_visible()
    await page.get_by_role("searchbox", name="Search your notes").fill(word.lower())
    await expect(page.get_by_text("One note found")).to_be_visible()
    await expect(_note(page, word)).to_be_visible()
    await expect(_note(page, other)).to_have_count(0)
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="Export the notes of Seeing").click()
    await (await coming.value).save_as(tmp_path / "notes.md")
    exported = (tmp_path / "notes.md").read_text("utf-8")
    assert f"{word} joints, *not* butt joints" in exported
    assert school.lesson("Plans").removeprefix(school.address) in exported
    await _note(page, word).get_by_role("link", name="Page").click()
    await expect(page.get_by_role("heading", name="Plans", level=1)).to_be_visible()
