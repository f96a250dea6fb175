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
from time import perf_counter

from bench.http import servers
from bench.http.building import building
from bench.http.fill import PASSWORD, SIGNED_IN, box_tokens, fill_box, fill_reference, reference_tokens
from bench.http.load import Connection, Measured, Request, exchange, measure
from bench.http.material import Material, contents_of, email_of
from bench.media import make_film

API = "/api/v1"
PARTS = ("peers", "storm", "ladder", "rows")
STORM = 50
FILM_SECONDS = 10
WARM = 0.5
ASKED = ("list", "course", "dashboard", "progress", "report")
EMPTY = [Request("/empty")]
Rounds = list[Measured]


@dataclass(frozen=True)
class Side:
    port: int
    requests: dict[str, list[Request]]


@dataclass(frozen=True)
class Peer:
    """What is asked of whom."""

    port: int
    requests: Sequence[Request]
    expected: int = 200


@dataclass(frozen=True)
class Meter:
    seconds: float
    runs: int

    def each(self, *peers: Peer) -> list[Rounds]:
        """All measured in turns, so that what else the machine does falls on all of them."""
        for peer in peers:
            self.once(peer, seconds=WARM)
        runs = [[self.once(peer) for peer in peers] for _ in range(self.runs)]
        return [list(rounds) for rounds in zip(*runs, strict=True)]

    def once(self, peer: Peer, *, seconds: float | None = None, during: Sequence[Connection] = ()) -> Measured:
        return measure(peer.port, peer.requests, seconds=seconds or self.seconds, expected=peer.expected, during=during)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each measurement")
    parser.add_argument("--runs", type=int, default=5, help="of which the median counts")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}")
    given = parser.parse_args()
    meter = Meter(given.seconds, given.runs)
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="lms-") as folder, ExitStack() as stack:
        ours = stack.enter_context(our_side(Path(folder) / "ours", Material()))
        if "peers" in given.only:
            with their_side(Path(folder), Material()) as theirs:
                compare(meter, ours, theirs)
        if "storm" in given.only:
            storm(meter, ours)
        if "ladder" in given.only:
            ladder(meter, ours, Path(folder) / "film.mp4")
        if "rows" in given.only:
            with our_side(Path(folder) / "large", Material(size=10)) as large:
                grow(meter, ours, large)
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}")


def compare(meter: Meter, ours: Side, theirs: Side) -> None:
    head("requests a second: the box, and the reference")
    kept = [Peer(ours.port, ours.requests[name]) for name in ("list", "course")]
    listed, empty, *found = meter.each(Peer(theirs.port, theirs.requests["list"]), Peer(theirs.port, EMPTY), *kept)
    for name, rounds in zip(("list", "course"), found, strict=True):
        row(f"{name}, beside the reference's list", 20, rounds, listed)
        row(f"{name}, beside FastAPI's empty handler", 2, rounds, empty)
    for name, least in (("dashboard", 3), ("progress", 3), ("report", 5)):
        row(name, least, *meter.each(Peer(ours.port, ours.requests[name]), Peer(theirs.port, theirs.requests[name])))
    full = Peer(ours.port, ours.requests["list"])
    known = Peer(ours.port, [replace(full.requests[0], etag=etag_of(full))], expected=304)
    row("304 beside 200", 1, *meter.each(known, full))


def storm(meter: Meter, ours: Side) -> None:
    head(f"p99 in ms: while {STORM} people sign in, and quiet")
    logins = [
        Request(f"{API}/auth/login", "POST", body={"email": email_of(number), "password": PASSWORD}).encode()
        for number in range(SIGNED_IN, SIGNED_IN + STORM)
    ]
    took = []
    for name in ASKED:
        peer = Peer(ours.port, ours.requests[name])
        (quiet,) = meter.each(peer)
        busy = []
        for _ in range(meter.runs):
            begun = perf_counter()
            signing = [Connection(ours.port, [login]) for login in logins]
            busy.append(meter.once(peer, during=signing))
            exchange(signing)
            took.append(perf_counter() - begun)
        row(name, 5, busy, quiet, of=p99)
    print(f"the {STORM} were all signed in after {median(took):.1f} s")


def ladder(meter: Meter, ours: Side, film: Path) -> None:
    make_film(film, seconds=FILM_SECONDS, rate=12_000_000)
    head("p99 in ms: while the ladder of a film is built, and quiet")
    for name in ASKED:
        peer = Peer(ours.port, ours.requests[name])
        (quiet,) = meter.each(peer)
        with building(film):
            (busy,) = meter.each(peer)
        row(name, 2, busy, quiet, of=p99)


def grow(meter: Meter, ours: Side, large: Side) -> None:
    head("requests a second: with ten times the rows, and as above")
    for name in ASKED:
        row(name, 1 / 1.3, *meter.each(Peer(large.port, large.requests[name]), Peer(ours.port, ours.requests[name])))


def per_second(measured: Measured) -> float:
    return measured.per_second


def p99(measured: Measured) -> float:
    return measured.p99 * 1000


def head(words: str) -> None:
    print(f"\n{words}\n{'':42}{'first':>10}{'second':>10}{'ratio':>8}{'target':>9}{'generator':>11}")


def row(name: str, target: float, first: Rounds, second: Rounds, *, of: Callable[[Measured], float] = per_second) -> None:
    """The ratio is the median of those within one round; the generator's share is the larger one."""
    ratio = median(of(one) / of(other) for one, other in zip(first, second, strict=True))
    missed = ratio > target if of is p99 else ratio < target
    wanted = f"{'<' if of is p99 else '≥'} {target:.2g}"
    medians = (median(of(one) for one in rounds) for rounds in (first, second))
    busy = max(median(one.busy for one in rounds) for rounds in (first, second))
    numbers = "".join(f"{one:10,.1f}" for one in medians)
    print(f"{name:42}{numbers}{ratio:8.2f}{wanted:>9}{busy:11.0%}{'  missed' if missed else ''}", flush=True)


def etag_of(peer: Peer) -> str:
    asking = Connection(peer.port, [peer.requests[0].encode()])
    exchange([asking])
    lines = dict(line.split(": ", 1) for line in asking.head.decode().split("\r\n")[1:])
    return next(value for name, value in lines.items() if name.lower() == "etag")


@contextmanager
def our_side(data: Path, material: Material) -> Iterator[Side]:
    data.mkdir(parents=True)
    url = f"sqlite:///{data / 'lms.db'}"
    asyncio.run(fill_box(url, material))
    with servers.box(data, url) as (port, _):
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
