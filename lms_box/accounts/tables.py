"""What is stored of people and of their sign-ins; of tokens only the hash."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms_box.db.base import Base, new_id, now
from lms_box.db.search import Searchable
from lms_box.viewer import Role


class User(Searchable, Base):
    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(Text)
    """As it was typed."""
    email_key: Mapped[str] = mapped_column(Text, unique=True)
    """The same for every way to write the address."""
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[Role] = mapped_column(String(10), default="user")
    password_hash: Mapped[str | None] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(default=True)
    picture_key: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    credentials_epoch: Mapped[int] = mapped_column(default=0)
    """Stands in every access token; raising it ends them all at once."""
    folded: Mapped[str] = mapped_column(Text, server_default="", deferred=True)

    def words(self) -> tuple[str, ...]:
        return self.name, self.email


class BrowserSession(Base):
    __tablename__ = "browser_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    family: Mapped[UUID] = mapped_column(index=True)
    """Of one sign-in: this session and the chain of refresh tokens that began with it."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    device: Mapped[str] = mapped_column(Text, default="")


class RefreshToken(Base):
    __tablename__ = "refresh_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    family: Mapped[UUID] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    spent_at: Mapped[datetime | None]


class OneTimeLink(Base):
    __tablename__ = "one_time_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SignInFailure(Base):
    __tablename__ = "sign_in_failures"
    __table_args__ = (Index(None, "account_key", "at"), Index(None, "address", "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_key: Mapped[str] = mapped_column(String(64))
    """The hash of what was typed as the address: people type passwords into the wrong field."""
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)
