"""How often somebody may knock: so many requests a minute for each person and kind of request, counted in this process."""

import time
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

from aiohttp import web
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage.base import Storage

from lms_box.config import Limits
from lms_box.errors import TooMany

HEADERS = web.RequestKey("rate_limit_headers", dict[str, str])
CROWD = 10_000
"""So many counters are kept before the ended ones are swept out."""


class LoopStorage(Storage):
    """Counters in a dictionary. The library's own one starts a thread for every hundredth of a second that counts."""

    STORAGE_SCHEME = ["lms-box"]  # noqa: RUF012 -- the library reads it from the class

    def __init__(self) -> None:
        super().__init__()
        self._counters: dict[str, tuple[int, float]] = {}

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        return self.tick(key, expiry, amount)[0]

    def tick(self, key: str, expiry: float, amount: int = 1) -> tuple[int, float]:
        """As `incr`, and in how many seconds the counter ends."""
        at = time.time()
        count, end = self._counters.get(key, (0, 0.0))
        if end <= at:
            count, end = 0, at + expiry
            self._sweep(at)
        self._counters[key] = count + amount, end
        return count + amount, end - at

    def get(self, key: str) -> int:
        count, end = self._counters.get(key, (0, 0.0))
        return count if end > time.time() else 0

    def get_expiry(self, key: str) -> float:
        return self._counters.get(key, (0, time.time()))[1]

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        count = len(self._counters)
        self._counters.clear()
        return count

    def clear(self, key: str) -> None:
        self._counters.pop(key, None)

    def _sweep(self, at: float) -> None:
        """Amortised: a sweep that frees little is not tried again before as many have come."""
        if len(self._counters) >= self._next_sweep:
            self._counters = {key: counter for key, counter in self._counters.items() if counter[1] > at}
            self._next_sweep = max(CROWD, 2 * len(self._counters))

    _next_sweep = CROWD


class Counted(NamedTuple):
    """What an answer says of the limit."""

    limit: int
    left: int
    """Less than nothing when this one is too many."""
    seconds: int

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(0, self.left)),
            "RateLimit-Reset": str(self.seconds),
        }


class RateLimits:
    def __init__(self, settings: Limits) -> None:
        self._item = RateLimitItemPerMinute(settings.requests_per_minute) if settings.enabled else None
        self._counters = LoopStorage()

    def count(self, *, who: str, what: str) -> Counted | None:
        """None where there is no limit."""
        if self._item is None:
            return None
        count, seconds = self._counters.tick(_key(self._item, who, what), self._item.get_expiry())
        return Counted(self._item.amount, self._item.amount - count, max(1, round(seconds)))


def check_count(request: web.Request, counted: Counted) -> None:
    """Raises TooMany; either way the answer will say how many are left."""
    request[HEADERS] = counted.headers
    if counted.left < 0:
        words = f"That is more than {counted.limit} requests a minute. Please wait {counted.seconds} seconds."
        raise TooMany(words, retry_after=counted.seconds)


@lru_cache(maxsize=4096)
def _key(item: RateLimitItem, who: str, what: str) -> str:
    """Of a fixed window. Put together once: the library's strategies do it three times for each request."""
    return item.key_for(who, what)


@lru_cache(maxsize=4096)
def neighbourhood(address: str) -> str:
    """An IPv4 address as it is; of IPv6 the /64, because that is what one customer has."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
    return address


RATE_LIMITS = web.AppKey("rate_limits", RateLimits)
