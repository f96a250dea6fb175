"""A process that tests start and kill: it works off the queue of a box, as `lms serve` does, until it is told to stop."""

import asyncio
import signal
import sys
from pathlib import Path

from lms_box.box import open_box
from lms_box.config import load_settings
from lms_box.work import working


async def main(data_dir: Path) -> None:
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    async with open_box(load_settings(data_dir=data_dir)) as box, working(box):
        sys.stdout.write("working\n")
        sys.stdout.flush()
        await over.wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
