"""Who is asking: the one word that doors and rules share."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Role = Literal["user", "admin"]


@dataclass(frozen=True, slots=True)
class Viewer:
    id: UUID
    role: Role

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"
