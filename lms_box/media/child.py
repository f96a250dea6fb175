"""Runs in the child process: reads requests as JSON lines, answers with JSON lines, dies with its parent."""

import json
import os
import queue
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from lms_box.media.failures import MediaFailed
from lms_box.media.limits import allow_processor, stand_back
from lms_box.media.messages import READY, Build, Built, Failure, Inspect, Inspection, Options, Progress, Reply

QUIET_SECONDS = 0.2
PROCESSOR_SECONDS = 1200
PROCESSOR_PER_SECOND = 60


class Talk:
    """Sends replies; progress at most five times a second."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._lock = threading.Lock()
        self._last = 0.0

    def send(self, reply: Reply) -> None:
        with self._lock:
            self._out.write(json.dumps(asdict(reply)) + "\n")
            self._out.flush()

    def say(self, done: float, step: str, *, duration: float | None = None, short_side: int | None = None) -> None:
        now = time.monotonic()
        if now - self._last < QUIET_SECONDS and duration is None:
            return
        self._last = now
        if duration is not None:
            allow_processor(PROCESSOR_SECONDS + PROCESSOR_PER_SECOND * duration)
        self.send(Reply(progress=Progress(done=round(done, 4), step=step, duration=duration, short_side=short_side)))


def main() -> None:
    stand_back(address_space=int(sys.argv[1]))
    allow_processor(PROCESSOR_SECONDS)
    out = take_stdout()
    requests: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=read_requests, args=(requests,), daemon=True).start()
    talk = Talk(out)
    if READY in sys.argv:
        import lms_box.media.recording  # noqa: F401  # what takes most of a child's start
    while (line := requests.get()) is not None:
        talk.send(answer(line, talk))


def take_stdout() -> TextIO:
    """Replies get a descriptor of their own, so that no library can print between them."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return out


def read_requests(requests: "queue.Queue[str | None]") -> None:
    """The end of stdin means that the parent is gone or wants no more: nothing may be left running."""
    for line in sys.stdin:
        requests.put(line)
    os._exit(0)


def answer(line: str, talk: Talk) -> Reply:
    request = read_request(line)
    try:
        if isinstance(request, Inspect):
            return Reply(inspection=inspect(request))
        return Reply(built=build(request, talk))
    except MediaFailed as failed:
        return Reply(failure=Failure(code=failed.code, reason=failed.reason))
    except MemoryError:
        return Reply(failure=Failure(code="out_of_memory", reason="This file needs more memory than it may have."))
    except OSError as error:
        return Reply(failure=Failure(code="disk_trouble", reason=f"Reading or writing failed: {error.strerror or error}."))
    except Exception as error:  # noqa: BLE001  # whatever a stranger's file provokes is told, not thrown
        sys.excepthook(type(error), error, error.__traceback__)
        words = f"This file could not be processed ({type(error).__name__})."
        return Reply(failure=Failure(code="not_processed", reason=words))


def read_request(line: str) -> Inspect | Build:
    """What the server asks needs no check: here it is the files that are not trusted."""
    told = json.loads(line)
    source, name = Path(told["source"]), told["name"]
    if told["do"] == "inspect":
        return Inspect(source=source, name=name)
    options = Options(**{**told["options"], "rungs": tuple(told["options"]["rungs"])})
    return Build(source=source, name=name, kind=told["kind"], into=Path(told["into"]), options=options)


def inspect(request: Inspect) -> Inspection:
    from lms_box.media.inspection import inspect_file

    return inspect_file(request)


def build(request: Build, talk: Talk) -> Built:
    from lms_box.media.building import build_file

    return build_file(request, talk.say)


if __name__ == "__main__":
    main()
