"""The command `lms`, that stands still at a place in an import to be stopped or killed there."""

import asyncio
import sys
from pathlib import Path
from typing import Any

from lms_box.courses.folder import importing
from lms_box.courses.folder.apply import apply_plan
from lms_box.storage.local import LocalStorage
from lms_box_cli.main import main


async def stand_still() -> None:
    sys.stderr.write("standing still\n")
    sys.stderr.flush()
    await asyncio.sleep(3600)


def while_taking() -> None:
    """Two files lie in storage, the third is about to come."""
    take = LocalStorage.take
    taken: list[str] = []

    async def third_never_comes(self: LocalStorage, key: str, source: Path, *, how: Any) -> Any:
        taken.append(key)
        if len(taken) == 3:
            await stand_still()
        return await take(self, key, source, how=how)

    LocalStorage.take = third_never_comes  # type: ignore[method-assign]  # this is what the script is for


def before_the_commit() -> None:
    apply = apply_plan

    async def never_done(*arguments: Any, **options: Any) -> Any:
        prefixes = await apply(*arguments, **options)
        await stand_still()
        return prefixes

    vars(importing)["apply_plan"] = never_done


def after_the_commit() -> None:
    """What was taken in vain is about to go."""
    remove = LocalStorage.remove
    asked: list[str] = []

    async def not_yet(self: LocalStorage, prefix: str) -> None:
        asked.append(prefix)
        if len(asked) == 1:
            await stand_still()
        await remove(self, prefix)

    LocalStorage.remove = not_yet  # type: ignore[method-assign]  # this is what the script is for


PLACES = {"taking": while_taking, "before": before_the_commit, "after": after_the_commit}

if __name__ == "__main__":
    PLACES[sys.argv.pop(1)]()
    main()
