"""What the database counts for itself."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from lms_box.db.base import Base


class Revision(Base):
    """How often something that people are shown has changed; raised by triggers, on SQLite only."""

    __tablename__ = "revisions"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)
