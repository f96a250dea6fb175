"""How Lighthouse judges the pages, as a phone of the middle class on a slow line has them."""

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from statistics import median
from typing import Any

from bench.http.fill import fill_box
from bench.http.material import Material
from bench.http.servers import box
from bench.media import make_film
from web.build_site import npm_command

LIGHTHOUSE = "lighthouse@13.5.0"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
CHROME_FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
TARGET = 95
TRIES = 4
"""Now and then Lighthouse misses how a page begins, and says so."""
CATEGORIES = ("performance", "accessibility", "best-practices")
FIGURES = {
    "largest paint": ("largest-contentful-paint", 1000, "s"),
    "blocked": ("total-blocking-time", 1, "ms"),
    "shift": ("cumulative-layout-shift", 1, ""),
    "bytes": ("total-byte-weight", 1000, "kB"),
}
ME, PASSWORD = "leo@example.org", "seven green doors"
Report = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep Lighthouse's reports here")
    chosen = parser.parse_args()
    if CHROMIUM is None:
        sys.exit("There is no Chromium on this machine.")
    with tempfile.TemporaryDirectory(prefix="lms-bench-") as name:
        folder = Path(name)
        lighthouse = bring_lighthouse(folder / "node")
        data, url = folder / "data", f"sqlite:///{folder / 'lms.db'}"
        pages = fill(folder, data, url)
        with box(data, url) as (port, _):
            site = f"http://127.0.0.1:{port}"
            headers = {True: sign_in(site), False: {}}
            enroll(site, headers[True], pages["course page"][0])
            print(f"{'':14}" + "".join(f"{name:>16}" for name in (*CATEGORIES, *FIGURES)))
            for page, (path, signed_in) in pages.items():
                reports = [judge(lighthouse, folder, site + path, headers[signed_in]) for _ in range(chosen.runs)]
                tell(page, reports)
                keep(chosen.keep, page, reports[-1])


def bring_lighthouse(folder: Path) -> tuple[list[str], dict[str, str]]:
    """The command and its environment, in a folder of its own: it is not worth coming with every install."""
    command, environment = npm_command()
    what = ("install", f"--prefix={folder}", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", LIGHTHOUSE)
    subprocess.run([*command, *what], env=environment, check=True, stdout=subprocess.DEVNULL)
    node = shutil.which("node", path=environment["PATH"])
    assert node is not None
    environment["CHROME_PATH"] = str(CHROMIUM)
    return [node, str(folder / "node_modules" / "lighthouse" / "cli" / "index.js")], environment


def fill(folder: Path, data: Path, url: str) -> dict[str, tuple[str, bool]]:
    """200 courses and one with a film; what is judged, and whether somebody is signed in there."""
    asyncio.run(fill_box(url, Material()))
    film = folder / "Seeing" / "1 Looking" / "01 Light.mp4"
    film.parent.mkdir(parents=True)
    make_film(film, seconds=20, rate=2_000_000)
    for number in range(1, 30):
        text = f"# Lesson {number}\n\nCentre the clay first.\n"
        (film.parent / f"{number + 1:02} Lesson {number}.md").write_text(text, "utf-8")
    lms(data, url, "user", "add", ME, "--password-stdin", said=PASSWORD)
    made = json.loads(lms(data, url, "course", "import", str(film.parents[1]), "--publish", "--wait", "--json"))
    course = f"/courses/{made['course_id']}"
    light = next(content["id"] for content in made["contents"] if content["title"] == "Light")
    lesson = f"{course}/contents/{light}"
    return {
        "sign-in": ("/sign-in", False),
        "catalogue": ("/catalogue", False),
        "course page": (course, True),
        "lesson": (lesson, True),
    }


def lms(data: Path, url: str, *words: str, said: str = "") -> str:
    environment = {**os.environ, "LMS_DATA_DIR": str(data), "LMS_DATABASE__URL": url}
    command = [sys.executable, "-m", "lms_box_cli", *words]
    return subprocess.run(command, env=environment, input=said, stdout=subprocess.PIPE, text=True, check=True).stdout


def sign_in(site: str) -> dict[str, str]:
    """The header with which a browser is signed in."""
    body = json.dumps({"email": ME, "password": PASSWORD}).encode()
    asked = urllib.request.Request(f"{site}/api/v1/auth/login", body, {"Content-Type": "application/json"})  # noqa: S310 -- loopback
    with urllib.request.urlopen(asked) as answer:  # noqa: S310 -- loopback
        cookies = answer.headers.get_all("Set-Cookie")
    return {"Cookie": "; ".join(cookie.partition(";")[0] for cookie in cookies)}


def enroll(site: str, headers: dict[str, str], course: str) -> None:
    """Without it the lesson would be judged without its player."""
    asked = urllib.request.Request(f"{site}/api/v1{course}/enrollment", headers=headers, method="POST")  # noqa: S310 -- loopback
    urllib.request.urlopen(asked).close()  # noqa: S310 -- loopback


def judge(lighthouse: tuple[list[str], dict[str, str]], folder: Path, address: str, headers: dict[str, str]) -> Report:
    command, environment = lighthouse
    sent, told = folder / "headers.json", folder / "report.json"
    sent.write_text(json.dumps(headers), "utf-8")
    options = ["--quiet", "--output=json", f"--output-path={told}", f"--extra-headers={sent}", f"--chrome-flags={CHROME_FLAGS}"]
    options += [f"--only-categories={','.join(CATEGORIES)}", "--no-enable-error-reporting"]
    tries = (subprocess.run([*command, address, *options], env=environment, stdout=subprocess.DEVNULL) for _ in range(TRIES))
    if all(tried.returncode for tried in tries):
        sys.exit(f"Lighthouse could not judge {address}: what it says stands above.")
    report: Report = json.loads(told.read_text("utf-8"))
    if failed := report.get("runtimeError"):
        sys.exit(f"Lighthouse could not judge {address}: {failed['message']}")
    return report


def tell(page: str, reports: list[Report]) -> None:
    """The middle of the runs, and what cost points in the last one."""
    scores = [round(100 * median(report["categories"][name]["score"] for report in reports)) for name in CATEGORIES]
    figures = [f"{middle(reports, audit) / part:.4g} {unit}" for audit, part, unit in FIGURES.values()]
    print(f"{page:14}" + "".join(f"{cell:>16}" for cell in (*scores, *figures)))
    for category, score in zip(CATEGORIES, scores, strict=True):
        if score < TARGET:
            print(f"  {category} is under {TARGET}: {', '.join(lost(reports[-1], category))}")


def middle(reports: list[Report], audit: str) -> float:
    return median(float(report["audits"][audit]["numericValue"]) for report in reports)


def lost(report: Report, category: str) -> list[str]:
    weighed = [(one["weight"], report["audits"][one["id"]]) for one in report["categories"][category]["auditRefs"]]
    return [audit["id"] for weight, audit in weighed if weight and audit["score"] is not None and audit["score"] < 0.9]


def keep(folder: Path | None, page: str, report: Report) -> None:
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{page.replace(' ', '-')}.json").write_text(json.dumps(report), "utf-8")


if __name__ == "__main__":
    main()
