"""How much of the machine one child process may take, set from inside and read from outside."""

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024
LARGEST_ORDINARY_SIDE = 1088


@dataclass(frozen=True)
class Limits:
    """`quiet` is how long a child may work, and `silent` how long it may even wait, without a word of progress."""

    resident: int = 600 * MIB
    resident_large: int = 1536 * MIB
    quiet: float = 120.0
    silent: float = 900.0
    patience: float = 600.0
    patience_per_second: float = 30.0

    def resident_for(self, short_side: int | None) -> int:
        return self.resident_large if (short_side or 0) > LARGEST_ORDINARY_SIDE else self.resident

    def wall_for(self, duration: float | None) -> float:
        return self.patience + self.patience_per_second * (duration or 0.0)

    @property
    def address_space(self) -> int:
        """Only a guard: encoders reserve far more than they use."""
        return 4 * self.resident_large


@dataclass(frozen=True)
class Usage:
    resident: int
    processor_seconds: float


def find_usage(pid: int) -> Usage | None:
    """None when the process is gone or the platform does not tell."""
    try:
        if sys.platform == "linux":
            return _linux_usage(pid)
        return _other_usage(pid)
    except (OSError, ValueError, IndexError):
        return None


def _linux_usage(pid: int) -> Usage:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    # The command's name stands in brackets and may hold anything; the fields behind it are numbers.
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return Usage(pages * os.sysconf("SC_PAGE_SIZE"), ticks / os.sysconf("SC_CLK_TCK"))


def _other_usage(pid: int) -> Usage:
    import subprocess

    command = ["/bin/ps", "-o", "rss=,time=", "-p", str(pid)]
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True)  # noqa: S603  # a fixed command
    except subprocess.SubprocessError as error:
        raise OSError(str(error)) from error
    kilobytes, clock = told.stdout.split()
    seconds = 0.0
    for part in clock.replace("-", ":").split(":"):
        seconds = seconds * 60 + float(part)
    return Usage(int(kilobytes) * 1024, seconds)


def stand_back(*, address_space: int) -> None:
    """Called in the child: everything else on this machine goes first, and no core file is left behind."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(10)
    with contextlib.suppress(OSError, AttributeError):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))  # type: ignore[attr-defined,unused-ignore]  # Linux only
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))


@contextlib.contextmanager
def less_address_space(most: int) -> Iterator[None]:
    """What is started in the block may reserve no more than this; nothing watches how much it uses."""
    try:
        import resource
    except ImportError:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    lowered = most if soft == resource.RLIM_INFINITY else min(most, soft)
    resource.setrlimit(resource.RLIMIT_AS, (lowered, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def allow_processor(seconds: float) -> None:
    """Called in the child: it is ended when it has computed for this long on all its threads together."""
    try:
        import resource
    except ImportError:
        return
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds), resource.getrlimit(resource.RLIMIT_CPU)[1]))
