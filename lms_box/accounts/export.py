"""All that is kept about somebody, for themselves to take along; other rooms add their part."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.accounts.messages import ExportView, SignInView, user_view
from lms_box.accounts.service import get_user
from lms_box.accounts.tables import BrowserSession

Exporter = Callable[[AsyncSession, UUID], Awaitable[Any]]
"""What a room keeps about a person, as plain JSON values."""


async def export_user(session: AsyncSession, *, user_id: UUID, exporters: Mapping[str, Exporter]) -> ExportView:
    """`exporters` by the name under which each room's part stands."""
    user = await get_user(session, user_id=user_id)
    mine = select(BrowserSession).where(BrowserSession.user_id == user_id).order_by(BrowserSession.created_at)
    sign_ins = [SignInView.model_validate(row) for row in await session.scalars(mine)]
    rooms = {name: await exporter(session, user_id) for name, exporter in exporters.items()}
    return ExportView(user=user_view(user), sign_ins=sign_ins, **rooms)
