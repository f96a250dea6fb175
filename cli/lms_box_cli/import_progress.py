"""What a person sees while a folder is imported; nothing where stderr is no terminal."""

import sys
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress

    from lms_box.courses.folder.intake import Step
    from lms_box.jobs.messages import JobFacts


class ImportProgress(AbstractContextManager["ImportProgress"]):
    """One bar: first for the bytes taken in, then for the jobs that make them playable."""

    def __init__(self) -> None:
        self._bars = _bars() if sys.stderr.isatty() else None

    def __enter__(self) -> Self:
        if self._bars:
            self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bars:
            self._bars.stop()

    @contextmanager
    def paused(self) -> "Iterator[None]":
        """While something is asked."""
        if self._bars:
            self._bars.stop()
        yield
        if self._bars:
            self._bars.start()

    def show_step(self, step: "Step") -> None:
        self._show_bytes("Taking in files", step.bytes, step.all_bytes, step.path)

    def show_file(self, path: str, done: int, total: int) -> None:
        self._show_bytes("Writing files", done, total, path)

    def show_measured(self, path: str, done: int, total: int) -> None:
        self._show("Looking at recordings", done=done, total=total, stage=path[-40:])

    def _show_bytes(self, what: str, done: int, total: int, path: str) -> None:
        from lms_box.storage.space import in_words

        self._show(what, done=done, total=total, stage=path[-40:], amount=f"{in_words(done)} of {in_words(total)}")

    def show_jobs(self, jobs: "list[JobFacts]") -> None:
        done = sum(1 for job in jobs if job.finished_at is not None)
        running = [job for job in jobs if job.state == "running"]
        stage = f"{running[0].title[-40:]} ({running[0].stage})" if running else ""
        self._show("Preparing", done=done + sum(job.progress for job in running), total=len(jobs), stage=stage)

    def _show(self, what: str, *, done: float, total: int, stage: str, amount: str = "") -> None:
        if self._bars:
            (task,) = self._bars.task_ids
            self._bars.update(
                task, description=what, completed=done, total=max(total, 1), stage=stage, amount=amount, visible=True
            )


def _bars() -> "Progress":
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from lms_box_cli.shell import err_console

    bars = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[amount]}", markup=False),
        TextColumn("{task.fields[stage]}", markup=False),
        TimeRemainingColumn(),
        console=err_console(),
        transient=True,
    )
    bars.add_task("Taking in files", total=None, stage="", amount="", visible=False)
    return bars
