"""A process that tests start and kill: it says its owner's name, then the title of each job that it has begun."""

import asyncio
import signal
import sys
from pathlib import Path

from lms_box.db.engine import open_database
from lms_box.jobs.consumer import Consumer
from lms_box.jobs.messages import ClaimedJob, Report
from lms_box.jobs.owner import Owner
from lms_box.jobs.queue import Queue
from lms_box.jobs.service import connect


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def never_end(job: ClaimedJob, report: Report) -> None:
    report(0.1, "begun")
    say(job.title)
    await asyncio.Event().wait()


async def main(what: str, url: str, run_folder: Path, queue_path: Path) -> None:
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    db, queue = open_database(url), Queue(queue_path, is_heard=lambda: True)
    connect(db, queue)
    with Owner(run_folder) as owner:
        if what == "consume":
            async with Consumer(db, queue, owner, {"build": never_end}):
                say(owner.name)
                await over.wait()
        elif what == "wake":
            queue.wake()
            say("woken")
        else:
            say(owner.name)
            await over.wait()
    queue.close()
    await db.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])))
