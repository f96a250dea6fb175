"""A folder of small films, made once."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def media(session_folder: Path) -> Path:
    folder = session_folder / "clips"
    folder.mkdir(exist_ok=True)
    return folder
