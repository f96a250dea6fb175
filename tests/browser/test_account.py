"""A new house: its first admin, who registers, who comes by a link, and what they do with their account."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser.conftest import Device, OpenDevice
from command import Serving, Shell
from media.material import make_picture
from playwright.async_api import Page, Route, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one Chromium for all

SECRET, NEW_SECRET = "four blue kettles", "a heron in the reeds"
COURSE = "01a226b3-9957-71f2-9cb6-aa16db0da00b"


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    return Shell(tmp_path_factory.mktemp("house"), {"LMS_AUTH__REGISTRATION": "open"})


@pytest.fixture(scope="module")
def house(shell: Shell) -> Iterator[Serving]:
    """A box without anybody in it yet, open to everybody."""
    with shell.serving("--no-jobs") as serving:
        yield serving


async def _fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        await page.locator(f"#{name}").fill(value)
    await page.keyboard.press("Enter")


async def _is_home(page: Page) -> None:
    await expect(page.get_by_role("link", name="Home").first).to_be_visible()
    await expect(page.get_by_role("button", name="your account")).to_be_visible()


async def _register(device: Device, house: Serving, name: str) -> Page:
    await device.page.goto(f"{house.address}/register")
    await _fill(device.page, name=name, email=f"{name.lower()}@example.org", password=SECRET)
    await _is_home(device.page)
    return device.page


async def test_the_first_admin_comes_by_a_link_that_works_once(house: Serving, open_device: OpenDevice) -> None:
    assert house.process.stdout is not None
    printed = ""
    while "/first-admin#" not in printed:
        printed = await asyncio.to_thread(house.process.stdout.readline)
    link = re.sub(r"^https?://[^/]+", house.address, printed.strip())
    page = (await open_device()).page
    await page.goto(link)
    await expect(page.get_by_role("heading", name="Make this box yours")).to_be_visible()
    assert "#" not in page.url, "the secret stays neither in the address nor in the history"
    await _fill(page, name="Olga", email="olga@example.org", password=SECRET)
    await _is_home(page)
    await page.get_by_role("link", name="Admin").first.click()
    await expect(page.get_by_role("heading", name="Admin: overview", level=1)).to_be_attached()
    late = await open_device()
    await late.page.goto(link)
    await _fill(late.page, name="Mallory", email="mallory@example.org", password=SECRET)
    await expect(late.page.get_by_text("This link no longer works")).to_be_visible()
    late.complaints.clear()  # the browser itself reports the refusal


async def test_somebody_registers_and_mends_what_was_wrong(house: Serving, open_device: OpenDevice, screen: str) -> None:
    page = (await open_device(screen)).page
    name = {"desktop": "Vera", "phone": "Wim"}[screen]
    await page.goto(f"{house.address}/sign-in")
    await page.get_by_role("link", name="Make an account").click()
    await _fill(page, name=name, email=f"{name}@example.org", password="short")
    await expect(page.get_by_text("Five characters so far. Eight or more, please.")).to_be_visible()
    await _fill(page, password=SECRET)
    await _is_home(page)
    await expect(page.get_by_role("heading", name="Your shelf is empty")).to_be_visible()


async def test_links_sign_in_once_and_set_a_password(house: Serving, shell: Shell, open_device: OpenDevice) -> None:
    await _register(await open_device(), house, "Ida")
    for word in ("sign-in-link", "set-password"):
        ran = await asyncio.to_thread(shell.run, "user", word, "ida@example.org")
        assert ran.code == 0, ran.err
        found = re.search(r"https?://[^/\s]+(/\S+)", ran.out)
        assert found is not None, ran.out
        device = await open_device()
        await device.page.goto(house.address + found[1])
        if word == "set-password":
            await expect(device.page.get_by_role("heading", name="Choose a password")).to_be_visible()
            await _fill(device.page, password=NEW_SECRET)
        await _is_home(device.page)
        again = await open_device()
        await again.page.goto(house.address + found[1])
        if word == "set-password":
            await _fill(again.page, password=SECRET)
        await expect(again.page.get_by_text("This link no longer works").first).to_be_visible()
        again.complaints.clear()  # the browser itself reports the refusal


async def test_name_picture_language_and_theme(house: Serving, open_device: OpenDevice, tmp_path: Path) -> None:
    page = await _register(await open_device("phone"), house, "Tom")
    await page.goto(f"{house.address}/account")
    await page.get_by_role("textbox", name="Your name").fill("Tomás")
    await page.get_by_role("button", name="Save the name").click()
    account = page.get_by_role("button", name="T, Tomás: your account")
    await expect(account).to_be_visible()
    asked: list[Route] = []
    await page.route("**/auth/session", lambda route: asked.append(route))
    await page.reload()
    await expect(account).to_be_visible()  # the name is known before the box has said who is here
    await asked[0].continue_()
    await page.unroute("**/auth/session")
    make_picture(tmp_path / "me.png")
    await page.locator("input[type=file]").set_input_files(tmp_path / "me.png")
    await expect(page.get_by_text("Your picture is there.")).to_be_visible()
    await page.get_by_role("button", name="Without a picture").click()
    await expect(page.get_by_text("The picture is gone.")).to_be_visible()
    await page.get_by_label("Theme", exact=True).select_option("dark")
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.get_by_label("Language", exact=True).select_option("de")
    await expect(page.locator("html")).to_have_attribute("lang", "de")
    await page.reload()
    await expect(page.locator("html[lang=de][data-theme=dark]")).to_be_attached()
    await expect(page.locator("#my-name")).to_have_value("Tomás")


async def test_a_new_password_signs_the_other_devices_out(house: Serving, open_device: OpenDevice) -> None:
    page = await _register(await open_device(), house, "Una")
    other = await open_device("phone")
    await other.page.goto(f"{house.address}/sign-in")
    await _fill(other.page, email="una@example.org", password=SECRET)
    await _is_home(other.page)
    await page.goto(f"{house.address}/account")
    await expect(page.get_by_text("this device", exact=True)).to_be_visible()
    await expect(page.get_by_text("last seen today")).to_be_visible()
    await page.get_by_label("New password").fill(NEW_SECRET)
    await page.get_by_role("button", name="Change the password").click()
    await expect(page.get_by_text("Please write your password here.")).to_be_visible()
    await page.get_by_label("Password so far").fill(SECRET)
    await page.get_by_role("button", name="Change the password").click()
    await expect(page.get_by_text("Your password is changed.")).to_be_visible()
    await other.page.reload()
    await expect(other.page.get_by_role("link", name="Sign in").first).to_be_visible()
    other.complaints.clear()  # the browser itself reports the refusal
    await page.reload()
    await expect(page.get_by_role("heading", name="Your account", level=1)).to_be_visible()
    await page.get_by_role("button", name="Sign out everywhere").click()
    await page.wait_for_url("**/sign-in")
    await _fill(page, email="una@example.org", password=NEW_SECRET)
    await _is_home(page)


async def test_somebody_takes_their_data_along_and_goes(house: Serving, open_device: OpenDevice, tmp_path: Path) -> None:
    device = await open_device()
    page = await _register(device, house, "Zoe")
    await page.goto(f"{house.address}/account")
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="Take my data along").click()
    await (await coming.value).save_as(tmp_path / "zoe.json")
    assert "zoe@example.org" in json.dumps(json.loads((tmp_path / "zoe.json").read_text("utf-8")))
    await page.get_by_role("button", name="Delete the account…").click()
    await expect(page.get_by_role("button", name="Stay")).to_be_focused()
    await page.get_by_role("button", name="Delete it").click()
    await expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    await page.goto(f"{house.address}/sign-in")
    await _fill(page, email="zoe@example.org", password=SECRET)
    await expect(page.get_by_text("do not belong together")).to_be_visible()
    device.complaints.clear()  # the browser itself reports the refusal


async def test_where_the_catalogue_is_not_public_an_address_leads_to_the_door(open_device: OpenDevice, tmp_path: Path) -> None:
    """Nothing is asked for that only an error would answer: the browser would write it on its console."""
    shell = Shell(tmp_path, {"LMS_SITE__PUBLIC_CATALOGUE": "false"})
    assert shell.run("user", "add", "olga@example.org", "--role", "admin", "--password-stdin", stdin=SECRET).code == 0
    page = (await open_device()).page
    with shell.serving("--no-jobs") as serving:
        for path in ("", "/catalogue", f"/courses/{COURSE}", f"/courses/{COURSE}/contents/{COURSE}", "/notes", "/admin/jobs"):
            await page.goto(serving.address + path)
            await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
            assert urlsplit(page.url).path == "/sign-in", path
        await page.goto("about:blank")
