"""What is stored of what can be played."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms_box.db.base import Base, new_id, now


class Build(Base):
    """What was made of an asset, whole, under a prefix of its own; the newest one of an asset is played."""

    __tablename__ = "builds"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"), index=True)
    built: Mapped[dict[str, Any]]
    """media.messages.Built, with file names relative to the build's prefix."""
    size: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """Bytes of all its files; 0 of those that were made before this was counted."""
    created_at: Mapped[datetime] = mapped_column(default=now)
