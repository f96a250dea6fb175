"""What is stored of writes under way."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from lms_box.db.base import Base, now


class PendingWrite(Base):
    """A prefix being filled: announced before the first byte, withdrawn by the transaction that refers to it."""

    __tablename__ = "pending_writes"

    prefix: Mapped[str] = mapped_column(String(255), primary_key=True)
    owner: Mapped[str] = mapped_column(String(255))
    started_at: Mapped[datetime] = mapped_column(default=now)
