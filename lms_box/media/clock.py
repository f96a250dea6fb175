"""Puts the timestamps of decoded frames in order, whatever the file says."""

LONGEST_GAP = 600.0
LONGEST_FALL = 1.0


class Clock:
    """Seconds since the origin, never going back; leaps that no recording means are closed up."""

    def __init__(self, origin: float, *, step: float) -> None:
        self._shift = -origin
        self._step = step
        self._last: float | None = None

    def at(self, time: float | None) -> float | None:
        """None when the frame lies before the start or does not move the clock."""
        now = self._expected() if time is None else time + self._shift
        if self._last is not None and (now - self._last > LONGEST_GAP or self._last - now > LONGEST_FALL):
            self._shift += self._expected() - now
            now = self._expected()
        if now < -self._step / 2 or (self._last is not None and now <= self._last):
            return None
        self._last = now
        return max(0.0, now)

    def _expected(self) -> float:
        return 0.0 if self._last is None else self._last + self._step
