"""The server's side of the child process: starts it, listens to it, and ends it in time."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import overload

import lms_box
from lms_box.media.failures import MediaFailed
from lms_box.media.limits import MIB, Limits, find_usage
from lms_box.media.messages import READY, Build, Built, Inspect, Inspection, Progress, Reply
from lms_box.media.wire import read_reply, write_request

log = logging.getLogger(__name__)

LONGEST_LINE = 64 * MIB
LOOK_EVERY = 0.25
KEPT_ENVIRONMENT = ("PATH", "TMPDIR", "SYSTEMROOT", "HOME")

ORDINARY = Limits()

OnProgress = Callable[[Progress], None]


@overload
async def run(request: Inspect, *, on_progress: OnProgress | None = None, limits: Limits = ...) -> Inspection: ...
@overload
async def run(request: Build, *, on_progress: OnProgress | None = None, limits: Limits = ...) -> Built: ...
async def run(
    request: Inspect | Build, *, on_progress: OnProgress | None = None, limits: Limits = ORDINARY
) -> Inspection | Built:
    """Raises MediaFailed with words for the admin; a cancelled task leaves no process behind."""
    shared = limits == ORDINARY and (isinstance(request, Inspect) or request.options.stage == "playable")
    child = (reserve.take() if shared else None) or Child(limits)
    stays = False
    try:
        result = await child.ask(request, on_progress)
        stays = shared and isinstance(request, Inspect) and reserve.take_back(child)
        return result
    finally:
        if not stays:
            await child.end()


async def inspect_many(
    requests: Iterable[Inspect], *, jobs: int = 2, limits: Limits = ORDINARY
) -> AsyncIterator[tuple[Inspect, Inspection | MediaFailed]]:
    """Inspects many files with few processes; a file that kills its process fails alone."""
    waiting = iter(requests)
    done: asyncio.Queue[tuple[Inspect, Inspection | MediaFailed] | None] = asyncio.Queue()
    workers = [asyncio.create_task(_inspect_some(waiting, done, limits)) for _ in range(jobs)]
    running = len(workers)
    try:
        while running:
            outcome = await done.get()
            if outcome is None:
                running -= 1
            else:
                yield outcome
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


async def _inspect_some(
    waiting: Iterable[Inspect], done: "asyncio.Queue[tuple[Inspect, Inspection | MediaFailed] | None]", limits: Limits
) -> None:
    child = Child(limits)
    try:
        for request in waiting:
            try:
                result = await child.ask(request, None)
            except MediaFailed as failed:
                done.put_nowait((request, failed))
            else:
                assert isinstance(result, Inspection)
                done.put_nowait((request, result))
    finally:
        done.put_nowait(None)
        await child.end()


class Child:
    """One process, started when first asked and again after it died."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._starting = asyncio.Lock()
        self._process: Process | None = None
        self._complaints = bytearray()
        self._listener: asyncio.Task[None] | None = None

    async def ask(self, request: Inspect | Build, on_progress: OnProgress | None) -> Inspection | Built:
        process = await self._started()
        assert process.stdin
        asked = _absolute(request)
        with contextlib.suppress(ConnectionError):
            process.stdin.write(write_request(asked))
            await process.stdin.drain()
        reply = await self._listen(process, on_progress)
        if reply.failure:
            if reply.failure.code == "not_processed":
                log.warning("media child: %s", await self._complaint())
            raise MediaFailed(reply.failure.reason, reply.failure.code)
        result = reply.built or reply.inspection
        assert result
        return result

    async def get_ready(self) -> None:
        """Starts the process and lets it load what recordings need."""
        await self._started(READY)

    async def _started(self, *wishes: str) -> Process:
        async with self._starting:
            if self._process and self._process.returncode is None:
                return self._process
            await self._end()
            return await self._start(*wishes)

    async def _start(self, *wishes: str) -> Process:
        command = (sys.executable, "-P", "-m", "lms_box.media.child", str(self._limits.address_space), *wishes)
        self._process = await asyncio.create_subprocess_exec(
            *command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            limit=LONGEST_LINE,
            env=_environment(),
            cwd="/",
            process_group=0,  # no session of its own: Linux may weigh sessions as equals, and then it stands back for nobody
        )
        self._complaints.clear()
        self._listener = asyncio.create_task(self._hear_complaints(self._process))
        return self._process

    async def _hear_complaints(self, process: Process) -> None:
        assert process.stderr
        while text := await process.stderr.read(4096):
            self._complaints += text
            del self._complaints[:-8192]

    async def _listen(self, process: Process, on_progress: OnProgress | None) -> Reply:
        watch = Watch(process.pid, self._limits)
        assert process.stdout
        while True:
            reading = asyncio.ensure_future(process.stdout.readline())
            try:
                while not reading.done():
                    await asyncio.wait({reading}, timeout=LOOK_EVERY)
                    if not reading.done():
                        watch.look()
            except MediaFailed:
                await self.end()
                raise
            finally:
                reading.cancel()
            if not (line := reading.result()):
                raise await self._died(process)
            try:
                reply = read_reply(line)
            except ValueError:
                await self.end()
                raise MediaFailed("The work on this file ended in nonsense. It is probably damaged.", "crashed") from None
            if reply.progress is None:
                return reply
            watch.heard(reply.progress)
            if on_progress:
                on_progress(reply.progress)

    async def _died(self, process: Process) -> MediaFailed:
        status = await process.wait()
        log.warning("media child ended with %s: %s", status, await self._complaint())
        await self.end()
        return death_in_words(status)

    async def _complaint(self) -> str:
        """The last that the child wrote to stderr, which may arrive a little later than its reply."""
        if self._listener:
            await asyncio.wait({self._listener}, timeout=0.2)
        return self._complaints.decode("utf-8", "replace").strip()

    async def end(self) -> None:
        """Kills the process and all that it started; harmless when it is gone already."""
        async with self._starting:
            await self._end()

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        if self._listener:
            self._listener.cancel()
        # The transport would otherwise be closed by the collector, which complains.
        process._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001  # asyncio offers no public way


class Reserve:
    """Keeps one process ready while files are expected. What it has looked into, it may go on to build."""

    def __init__(self) -> None:
        self._child: Child | None = None
        self._expected = 0
        self._parting: asyncio.Task[None] | None = None

    @contextlib.asynccontextmanager
    async def expecting(self, *, ahead: bool = True, linger: float = 0.0) -> AsyncIterator[None]:
        """For the block, and so many seconds after it. Started `ahead`, a process has loaded what recordings need."""
        self._expected += 1
        self._stay()
        try:
            if ahead and self._child is None:
                self._child = child = Child(ORDINARY)
                with contextlib.suppress(OSError):  # whoever asks it for something hears of that
                    await child.get_ready()
            yield
        finally:
            self._expected -= 1
            if not self._expected and linger:
                self._parting = asyncio.create_task(self._part(linger))
            elif not self._expected:
                await self.dismiss()

    def take(self) -> Child | None:
        child, self._child = self._child, None
        return child

    def take_back(self, child: Child) -> bool:
        """False when nobody expects a file any more, or another stands by already."""
        if self._child is not None or not (self._expected or self._parting):
            return False
        self._child = child
        return True

    async def dismiss(self) -> None:
        self._stay()
        if child := self.take():
            await child.end()

    def _stay(self) -> None:
        if self._parting:
            self._parting.cancel()
        self._parting = None

    async def _part(self, linger: float) -> None:
        await asyncio.sleep(linger)
        self._parting = None
        await self.dismiss()


reserve = Reserve()


class Watch:
    """Looks at a working child from outside and raises MediaFailed when it went too far."""

    def __init__(self, pid: int, limits: Limits) -> None:
        self._pid, self._limits = pid, limits
        self._began = self._last_word = time.monotonic()
        self._processor_then = 0.0
        self._duration: float | None = None
        self._short_side: int | None = None
        self._processor_now = 0.0

    def heard(self, progress: Progress) -> None:
        self._last_word = time.monotonic()
        self._processor_then = self._processor_now
        self._duration = progress.duration or self._duration
        self._short_side = progress.short_side or self._short_side

    def look(self) -> None:
        usage = find_usage(self._pid)
        if usage:
            self._processor_now = usage.processor_seconds
            self._check_memory(usage.resident)
        self._check_time(time.monotonic())

    def _check_memory(self, resident: int) -> None:
        allowed = self._limits.resident_for(self._short_side)
        if resident > allowed:
            words = f"This file needs more than {allowed // MIB} MiB of memory, which is the limit."
            raise MediaFailed(f"{words} A smaller version of it will do.", "out_of_memory")

    def _check_time(self, now: float) -> None:
        """A child that gets no processor, because others go first, is not stuck."""
        quiet = now - self._last_word
        busy = self._processor_now - self._processor_then
        stuck = quiet > self._limits.silent or (quiet > self._limits.quiet and busy > self._limits.quiet / 4)
        if stuck:
            raise MediaFailed(
                f"Nothing moved for {quiet:.0f} seconds, so it was stopped. The file is probably damaged.", "stuck"
            )
        if now - self._began > self._limits.wall_for(self._duration):
            raise MediaFailed("This took far longer than a file of its length should, so it was stopped.", "took_too_long")


def _absolute(request: Inspect | Build) -> Inspect | Build:
    source = request.source.absolute()
    return (
        replace(request, source=source, into=request.into.absolute())
        if isinstance(request, Build)
        else replace(request, source=source)
    )


def _environment() -> dict[str, str]:
    """The child sees no secrets; glibc keeps few arenas, so that its memory is what it uses."""
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    root = str(Path(lms_box.__file__).parent.parent)
    return kept | {"MALLOC_ARENA_MAX": "2", "PYTHONPATH": root, "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}


def death_in_words(status: int) -> MediaFailed:
    if status == -signal.SIGKILL:
        return MediaFailed("The machine ran out of memory while working on this file, or somebody ended the work.", "killed")
    if status == -signal.SIGXCPU:
        words = "This took far more computing than a file of its length should, so it was stopped."
        return MediaFailed(words, "took_too_long")
    if status < 0:
        name = signal.Signals(-status).name
        return MediaFailed(f"This file made the decoder crash ({name}). It is probably damaged.", "crashed")
    return MediaFailed("The work on this file ended without a result. The log of the server says more.", "no_result")
