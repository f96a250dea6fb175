"""How fast the box answers beside the same endpoints in the usual words of the field; prints the ratios."""

import argparse
import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from bench.http import servers
from bench.http.fill import PASSWORD, SIGNED_IN, box_tokens, fill_box, fill_reference, reference_tokens
from bench.http.load import Measured, Request, measure, send_once
from bench.http.material import Material, contents_of, email_of

API = "/api/v1"
STORM = 50
WARM = 0.5
ASKED = ("list", "course", "dashboard", "progress", "report")


@dataclass(frozen=True)
class Side:
    port: int
    requests: dict[str, list[Request]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement")
    parser.add_argument("--runs", type=int, default=3, help="of which the median counts")
    parser.add_argument("--quick", action="store_true", help="without the sign-in storm and ten times the rows")
    given = parser.parse_args()
    meter = Meter(given.seconds, given.runs)
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="lms-") as folder, ExitStack() as stack:
        ours = stack.enter_context(our_side(Path(folder) / "ours", Material()))
        with their_side(Path(folder), Material()) as theirs:
            compare(meter, ours, theirs)
        if not given.quick:
            storm(meter, ours)
            with our_side(Path(folder) / "large", Material(size=10)) as large:
                grow(meter, ours, large)
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}")


@dataclass(frozen=True)
class Meter:
    seconds: float
    runs: int

    def each(self, *measured: tuple[int, Sequence[Request], int]) -> list[Measured]:
        """The median rate of each, measured in turns so that what else the machine does falls on all."""
        for one in measured:
            Meter(WARM, 1).once(*one)
        runs = [[self.once(*one) for one in measured] for _ in range(self.runs)]
        return [
            Measured(median(run[index].per_second for run in runs), median(run[index].p99 for run in runs))
            for index in range(len(measured))
        ]

    def once(self, port: int, requests: Sequence[Request], expected: int = 200) -> Measured:
        return asyncio.run(measure(port, requests, seconds=self.seconds, expected=expected))


def compare(meter: Meter, ours: Side, theirs: Side) -> None:
    of_list, empty = meter.each((theirs.port, theirs.requests["list"], 200), (theirs.port, [Request("/empty")], 200))
    head(f"reference: list {of_list.per_second:,.0f}/s, empty handler {empty.per_second:,.0f}/s")
    for name in ("list", "course"):
        (found,) = meter.each((ours.port, ours.requests[name], 200))
        row(f"{name}, beside the reference's list", found.per_second, of_list.per_second, 20)
        row(f"{name}, beside FastAPI's empty handler", found.per_second, empty.per_second, 2)
    for name, least in (("dashboard", 3), ("progress", 3), ("report", 5)):
        found, other = meter.each((ours.port, ours.requests[name], 200), (theirs.port, theirs.requests[name], 200))
        row(name, found.per_second, other.per_second, least)
    known = [replace(ours.requests["list"][0], etag=etag_of(ours.port, ours.requests["list"][0]))]
    full, short = meter.each((ours.port, ours.requests["list"], 200), (ours.port, known, 304))
    row("304 beside 200", short.per_second, full.per_second, 1)


def storm(meter: Meter, ours: Side) -> None:
    head(f"p99 in ms: while {STORM} people sign in, and quiet")
    logins = [
        Request(f"{API}/auth/login", "POST", body={"email": email_of(number), "password": PASSWORD})
        for number in range(SIGNED_IN, SIGNED_IN + STORM)
    ]

    async def during(requests: Sequence[Request]) -> Measured:
        signing = asyncio.create_task(send_once(ours.port, logins))
        try:
            return await measure(ours.port, requests, seconds=meter.seconds)
        finally:
            heads = await signing
            assert all(b" 200 " in one.split(b"\r\n")[0] for one in heads), heads

    for name in ASKED:
        (quiet,) = meter.each((ours.port, ours.requests[name], 200))
        busy = median(asyncio.run(during(ours.requests[name])).p99 for _ in range(meter.runs))
        row(name, busy * 1000, quiet.p99 * 1000, 5, is_most=True)


def grow(meter: Meter, ours: Side, large: Side) -> None:
    head("requests a second: with ten times the rows, and as above")
    for name in ASKED:
        found, before = meter.each((large.port, large.requests[name], 200), (ours.port, ours.requests[name], 200))
        row(name, found.per_second, before.per_second, 1 / 1.3)


def head(words: str) -> None:
    print(f"\n{words}\n{'':42}{'first':>10}{'second':>10}{'ratio':>8}{'target':>9}")


def row(name: str, first: float, second: float, target: float, *, is_most: bool = False) -> None:
    ratio = first / second
    missed = ratio > target if is_most else ratio < target
    wanted = f"{'<' if is_most else '≥'} {target:.2g}"
    print(f"{name:42}{first:10,.1f}{second:10,.1f}{ratio:8.2f}{wanted:>9}{'  missed' if missed else ''}", flush=True)


def etag_of(port: int, request: Request) -> str:
    (answer,) = asyncio.run(send_once(port, [request]))
    lines = dict(line.split(": ", 1) for line in answer.decode().split("\r\n")[1:] if line)
    return next(value for name, value in lines.items() if name.lower() == "etag")


@contextmanager
def our_side(data: Path, material: Material) -> Iterator[Side]:
    data.mkdir(parents=True)
    url = f"sqlite:///{data / 'lms.db'}"
    asyncio.run(fill_box(url, material))
    with servers.box(data, url) as port:
        yield Side(port, _requests(API, material, box_tokens(material)))


@contextmanager
def their_side(folder: Path, material: Material) -> Iterator[Side]:
    with servers.postgres(folder) as url:
        asyncio.run(fill_reference(url, material))
        with servers.reference(url) as port:
            yield Side(port, _requests("", material, reference_tokens(material)))


def _requests(prefix: str, material: Material, tokens: Sequence[str]) -> dict[str, list[Request]]:
    def of_each(make: Callable[[int, str], Request]) -> list[Request]:
        return [make(number, token) for number, token in enumerate(tokens)]

    def report(number: int, token: str, index: int) -> Request:
        content_id = contents_of(material.taken(number)[0])[index]
        body = {"position": 30.0 + index, "watched": [[60.0, 90.0]]}
        return Request(f"{prefix}/contents/{content_id}/progress", "PUT", token, body)

    return {
        "list": [Request(f"{prefix}/courses?limit=20")],
        "course": [Request(f"{prefix}/courses/{course_id}") for course_id in material.course_ids[:50]],
        "dashboard": of_each(lambda _, token: Request(f"{prefix}/dashboard", token=token)),
        "progress": of_each(lambda n, token: Request(f"{prefix}/courses/{material.taken(n)[0]}/progress", token=token)),
        "report": [report(number, token, index) for index in range(1, 10) for number, token in enumerate(tokens)],
    }


if __name__ == "__main__":
    main()
