"""Which way requests went through the server, and whether there is a short one."""

import pytest
from aiohttp import web

from lms_box.http.shortcut import Found, Shortcut


class Ways:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.taken: list[str] = []
        self.is_open = True
        find = Shortcut.find

        def note(shortcut: Shortcut, request: web.Request) -> Found | None:
            found = find(shortcut, request) if self.is_open else None
            self.taken.append("short" if found else "long")
            return found

        monkeypatch.setattr(Shortcut, "find", note)
