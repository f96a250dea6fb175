"""What a person sees while a folder is imported; nothing where stderr is no terminal."""

from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from lms_box_cli.shell import err_console

if TYPE_CHECKING:
    from lms_box.courses.folder.intake import Step
    from lms_box.jobs.messages import JobFacts


class ImportProgress(AbstractContextManager["ImportProgress"]):
    """One bar: first for the bytes taken in, then for the jobs that make them playable."""

    def __init__(self) -> None:
        console = err_console()
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[stage]}", markup=False),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._taking = self._bars.add_task("Taking in files", total=None, stage="", visible=False)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bars.stop()

    def show_step(self, step: "Step") -> None:
        self._bars.update(self._taking, total=max(step.all_bytes, 1), completed=step.bytes, stage=step.path[-40:], visible=True)

    def show_jobs(self, jobs: "list[JobFacts]") -> None:
        done = sum(1 for job in jobs if job.finished_at is not None)
        running = [job for job in jobs if job.state == "running"]
        part = sum(job.progress for job in running)
        stage = f"{running[0].title[-40:]} ({running[0].stage})" if running else ""
        self._bars.update(
            self._taking,
            description="Preparing",
            total=max(len(jobs), 1),
            completed=done + part,
            stage=stage,
            visible=True,
        )
