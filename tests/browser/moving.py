"""How a row is taken to another place: by keyboard, by mouse and by finger."""

from playwright.async_api import Locator, Page, expect

STRIDES = 8


def grip_of(page: Page, title: str) -> Locator:
    return page.get_by_role("button", name=f"Move {title}")


async def lift_and_carry_down(page: Page, title: str, *, steps: int, places: tuple[str, str]) -> None:
    """It stays lifted. Who cannot see it hears the first of the places at the beginning, the second at the end."""
    grip = grip_of(page, title)
    await grip.focus()
    await page.keyboard.press("Space")
    await expect(page.get_by_text(f"{title}, lifted. {places[0]}")).to_have_count(1)
    for _ in range(steps):
        await page.keyboard.press("ArrowDown")
    await expect(page.get_by_text(places[1])).to_have_count(1)
    await expect(grip).to_be_focused()


async def lift_and_put_back(page: Page, title: str) -> None:
    await grip_of(page, title).focus()
    for key in ("Space", "ArrowUp", "Escape"):
        await page.keyboard.press(key)
    await expect(page.get_by_text(f"{title} is back where it was.")).to_have_count(1)


async def drag(page: Page, title: str, onto: str, *, by_finger: bool = False) -> None:
    """By its grip, on the upper half of another row."""
    await grip_of(page, onto).evaluate("(grip) => grip.scrollIntoView({ block: 'center' })")
    start, end = await grip_of(page, title).bounding_box(), await grip_of(page, onto).bounding_box()
    assert start is not None
    assert end is not None
    x, bottom, top = start["x"] + 20, start["y"] + 20, end["y"] + 8
    way = [bottom + (top - bottom) * stride / STRIDES for stride in range(1, STRIDES + 1)]
    if by_finger:
        await _draw_finger(page, x, bottom, way)
        return
    await page.mouse.move(x, bottom)
    await page.mouse.down()
    for y in way:
        await page.mouse.move(x, y)
    await page.mouse.up()


async def _draw_finger(page: Page, x: float, start: float, way: list[float]) -> None:
    hand = await page.context.new_cdp_session(page)
    await hand.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": start}]})
    for y in way:
        await hand.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})
    await hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
