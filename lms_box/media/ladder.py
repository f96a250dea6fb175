"""Which renditions a picture of a given size gets."""

from dataclasses import dataclass

PEAK_RATES = {1080: 5_000_000, 720: 2_500_000, 480: 1_000_000}
SMALLEST_SIDE = 16


@dataclass(frozen=True)
class Rung:
    name: str
    width: int
    height: int
    peak_rate: int


def rungs_for(width: int, height: int, *, sides: tuple[int, ...] = (1080, 720, 480)) -> tuple[Rung, ...]:
    return tuple(_rung(width, height, side) for side in fitting_sides(min(width, height), sides=sides))


def fitting_sides(short: int, *, sides: tuple[int, ...]) -> tuple[int, ...]:
    """Best first; never above the picture's own short side, at least one."""
    return tuple(sorted((side for side in sides if side <= short), reverse=True)) or (short,)


def _rung(width: int, height: int, side: int) -> Rung:
    scale = side / min(width, height)
    wide, high = _even(width * scale), _even(height * scale)
    return Rung(f"{min(wide, high)}p", wide, high, peak_rate_for(side))


def _even(length: float) -> int:
    return max(SMALLEST_SIDE, int(length + 1e-6) // 2 * 2)


def peak_rate_for(side: int) -> int:
    """The rate of the smallest named rung that is not below this side."""
    fitting = [rung for rung in PEAK_RATES if rung >= side]
    return PEAK_RATES[min(fitting)] if fitting else PEAK_RATES[max(PEAK_RATES)]
