"""A served box and people in it, over HTTP alone: what is needed to ask for every operation with ids that are there."""

import base64
from dataclasses import dataclass, field
from typing import Any, Literal

import requests

from lms_box.app import API

TUS = {"Tus-Resumable": "1.0.0"}
NOBODYS = "018f0000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Actor:
    id: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass
class Stage:
    """`keeper` is an admin who plays no part, and sees to it that there is always what the next scene needs."""

    address: str
    keeper: Actor
    session: requests.Session = field(default_factory=requests.Session)
    _count: int = 0

    def __post_init__(self) -> None:
        self.session.trust_env = False  # else it looks for a proxy before each request

    def ask(self, actor: Actor, method: str, path: str, **options: Any) -> Any:
        headers = {**actor.headers, **options.pop("headers", {})}
        answer = self.session.request(method, f"{self.address}{API}{path}", headers=headers, timeout=60, **options)
        assert answer.ok, (method, path, answer.status_code, answer.text)
        return answer if method == "POST" and "upload" in path else answer.json()

    def introduce(self, role: Literal["user", "admin"]) -> Actor:
        """Somebody new, signed in by a link: no password has to be hashed."""
        self._count += 1
        draft = {"email": f"actor{self._count}@example.org", "role": role}
        user = self.ask(self.keeper, "POST", "/users", json=draft)["id"]
        link = self.ask(self.keeper, "POST", f"/users/{user}/link", json={"purpose": "sign-in"})["url"]
        pair = self.session.post(f"{self.address}{API}/auth/link", json={"token": link.rpartition("#")[2]}, timeout=60).json()
        self.session.cookies.clear()
        return Actor(user, pair["access_token"])

    def set(self, actor: Actor) -> dict[str, str]:
        """A course that the actor is in, with a text, a note, an upload and somebody else: ids by the names of parameters."""
        course = self.ask(self.keeper, "POST", "/courses", json={"title": "Sailing", "status": "published"})["id"]
        text = {"title": "Knots", "text": f"# Knots of {course}"}
        content = self.ask(self.keeper, "POST", f"/courses/{course}/contents", json=text)
        self.ask(actor, "POST", f"/courses/{course}/enrollment")
        note = self.ask(actor, "POST", "/notes", json={"course_id": course, "content": "A bowline"})["id"]
        return {
            "course_id": course,
            "content_id": content["id"],
            "section_id": content["section_id"],
            "note_id": note,
            "upload_id": self._upload(actor),
            "id": self.introduce("user").id,
            "job_id": self.ask(self.keeper, "GET", "/jobs?limit=1")[0]["id"],
        }

    def _upload(self, actor: Actor) -> str:
        name = base64.b64encode(b"knots.md").decode()
        headers = {**actor.headers, **TUS, "Upload-Length": "5", "Upload-Metadata": f"filename {name}"}
        answer = self.session.post(f"{self.address}{API}/upload/tus", headers=headers, timeout=60)
        return str(answer.headers["Location"]).rpartition("/")[2] if answer.ok else NOBODYS
