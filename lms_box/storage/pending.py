"""Files and rows stay in step: what a killed process stored without a row that refers to it is found and removed."""

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.db.engine import Database
from lms_box.storage.base import IsAlive, Storage
from lms_box.storage.tables import PendingWrite


async def announce(db: Database, *, owner: str, prefixes: Iterable[str]) -> None:
    """Committed before anything is stored there."""
    async with db.writing() as session:
        session.add_all([PendingWrite(prefix=prefix, owner=owner) for prefix in prefixes])


async def settle(session: AsyncSession, *, prefixes: Iterable[str]) -> None:
    """In the transaction that refers to the files: from its commit on they stay."""
    await session.execute(delete(PendingWrite).where(PendingWrite.prefix.in_(list(prefixes))))


async def discard(db: Database, storage: Storage, *, prefixes: Iterable[str]) -> None:
    """Takes back what was announced and did not come to be; files first, so that nothing is forgotten.

    What has been settled stays, also when the one who discards was stopped before hearing that its commit went through.
    """
    async with db.reading() as session:
        announced = select(PendingWrite.prefix).where(PendingWrite.prefix.in_(list(prefixes)))
        found = list(await session.scalars(announced.order_by(PendingWrite.prefix)))
    for prefix in found:
        await storage.remove(prefix)
        async with db.writing() as session:
            await settle(session, prefixes=[prefix])


async def sweep(db: Database, storage: Storage, *, is_alive: IsAlive) -> None:
    """Removes what processes that are gone had begun to store; of those nobody knows (None) it is left."""
    async with db.reading() as session:
        rows = (await session.execute(select(PendingWrite.prefix, PendingWrite.owner))).all()
    dead = {owner for owner in {owner for _, owner in rows} if is_alive(owner) is False}
    await discard(db, storage, prefixes=[prefix for prefix, owner in rows if owner in dead])
