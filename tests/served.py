"""The application behind the server that `lms serve` has, which answers some requests before the application sees them."""

from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from lms_box.http.server import Runner


class _Server(TestServer):
    async def _make_runner(self, **options: Any) -> web.AppRunner:
        return Runner(self.app, **options)


def served(app: web.Application, **options: Any) -> TestClient[Any, Any]:
    return TestClient(_Server(app), **options)
