"""What a learner does in a lesson."""

from browser.conftest import Device, School, until
from playwright.async_api import Page, Response, expect

CURRENT_TIME = "() => document.querySelector('video, audio').currentTime"
IS_PLAYING = "() => !document.querySelector('video, audio').paused"
IS_PAUSED = "() => document.querySelector('video, audio').paused"
IS_READY = "() => document.querySelector('video, audio')?.readyState >= 2"
IS_PAST = "(second) => document.querySelector('video, audio').currentTime > second"
HAS_AHEAD = """(seconds) => {
    const { buffered, currentTime } = document.querySelector('video');
    const parts = [...Array(buffered.length).keys()];
    return parts.some((one) => buffered.start(one) <= currentTime && buffered.end(one) > currentTime + seconds);
}"""
KNOWS = """async ([course, content, second]) => (await (await fetch(`/api/v1/courses/${course}/progress`)).json()).contents
    .find((one) => one.content_id === content).watched.some(([start, end]) => start <= second && second < end)"""
OFFLINE = "You are offline."
IS_NEAR = "(second) => Math.abs((document.querySelector('video, audio')?.currentTime ?? -99) - second) < 2"


async def open_lesson(device: Device, school: School, title: str) -> Page:
    """Signs Leo in, enrolls him if he is not yet, goes to the lesson and lays a hand on it, which brings what plays."""
    await device.sign_in(school, "leo@example.org")
    await device.page.goto(f"{school.address}/courses/{school.course['course_id']}")
    heading = device.page.get_by_role("heading", name="Seeing", level=1)
    await expect(heading).to_be_visible()
    enroll = device.page.get_by_role("button", name="Enroll")
    going_on = device.page.get_by_role("link", name="Start").or_(device.page.get_by_role("link", name="Continue")).first
    await expect(enroll.or_(going_on).first).to_be_visible()
    if await enroll.is_visible():
        await enroll.click()
        await expect(enroll).to_be_hidden()
    await device.page.goto(school.lesson(title))
    await expect(device.page.get_by_role("heading", name=title, level=1)).to_be_visible()
    await device.page.mouse.move(5, 5)
    return device.page


async def seek(page: Page, second: float) -> None:
    await until(page, IS_READY)
    await page.evaluate("(second) => { document.querySelector('video, audio').currentTime = second; }", second)


async def play_until(page: Page, second: float) -> float:
    await until(page, IS_READY)
    await page.keyboard.press("k")
    await until(page, IS_PAST, second)
    return float(await page.evaluate(CURRENT_TIME))


def is_progress(answer: Response) -> bool:
    return answer.url.endswith("/progress") and answer.request.method == "PUT"


async def watch_offline(device: Device, school: School, start: float) -> tuple[Page, float]:
    """Plays three seconds from `start`, the line being cut after the first."""
    page = await open_lesson(device, school, "Light")
    await seek(page, start)
    await play_until(page, start + 0.5)
    await until(page, HAS_AHEAD, 5)
    await page.context.set_offline(True)
    await expect(page.get_by_text(OFFLINE)).to_be_visible()
    await until(page, IS_PAST, float(await page.evaluate(CURRENT_TIME)) + 2)
    await page.keyboard.press("k")
    await expect(page.get_by_text("1 thing waiting")).to_be_visible()
    device.complaints.clear()  # the browser itself reports the cut line
    return page, float(await page.evaluate(CURRENT_TIME)) - 0.5


async def until_known(page: Page, school: School, second: float) -> None:
    (light,) = (content["id"] for content in school.course["contents"] if content["title"] == "Light")
    await until(page, KNOWS, [school.course["course_id"], light, second])
