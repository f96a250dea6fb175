"""The named cast of the tests: people with an account and a client that is signed in as them."""

from dataclasses import dataclass
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient

from lms_box.accounts.service import add_user
from lms_box.accounts.sign_in import Keys, open_sign_in
from lms_box.accounts.tables import User
from lms_box.box import Box
from lms_box.viewer import Role, Viewer


@dataclass(frozen=True)
class Person:
    user: User
    token: str
    _client: TestClient[Any, Any]

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.user.id, "admin" if self.user.role == "admin" else "user")

    async def ask(self, method: str, path: str, **options: Any) -> ClientResponse:
        """A request of this person's, with their access token; `path` stands below /api/v1."""
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return await self._client.request(method, f"/api/v1{path}", headers=headers, allow_redirects=False, **options)

    async def get(self, path: str, **options: Any) -> ClientResponse:
        return await self.ask("GET", path, **options)


async def introduce(box: Box, client: TestClient[Any, Any], name: str, *, role: Role = "user") -> Person:
    email = f"{name.split()[0].lower()}@example.org"
    async with box.db.writing() as session:
        user = await add_user(session, email=email, name=name, role=role)
        signed = await open_sign_in(session, user=user, device="test", keys=Keys(box.secret, box.settings.auth))
    return Person(user, signed.pair.access_token, client)
