"""The same endpoints in the usual words of the field: FastAPI, SQLAlchemy's ORM, asyncpg, PostgreSQL, no cache."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, Header, HTTPException
from itsdangerous import BadData, URLSafeTimedSerializer
from pydantic import BaseModel, ConfigDict
from sqlalchemy import JSON, ForeignKey, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload
from sqlalchemy.types import DateTime

TOKENS = URLSafeTimedSerializer("bench")
engine = create_async_engine(os.environ.get("REFERENCE_URL", "postgresql+asyncpg://"), pool_size=20)
Session = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


class Base(DeclarativeBase):
    type_annotation_map = {datetime: DateTime(timezone=True), list[Any]: JSON}  # noqa: RUF012 -- SQLAlchemy reads it


class User(Base):
    __tablename__ = "users"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    is_active: Mapped[bool]


class Course(Base):
    __tablename__ = "courses"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    title: Mapped[str]
    description: Mapped[str]
    instructor: Mapped[str]
    difficulty: Mapped[str]
    category: Mapped[str]
    status: Mapped[str] = mapped_column(index=True)
    completion_threshold: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime]
    sections: Mapped[list["Section"]] = relationship(order_by="Section.order_index")
    contents: Mapped[list["Content"]] = relationship(order_by="Content.order_index", viewonly=True)


class Section(Base):
    __tablename__ = "sections"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id"), index=True)
    title: Mapped[str]
    order_index: Mapped[int]
    contents: Mapped[list["Content"]] = relationship(order_by="Content.order_index")


class Content(Base):
    __tablename__ = "contents"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id"), index=True)
    section_id: Mapped[UUID] = mapped_column(ForeignKey("sections.id"), index=True)
    type: Mapped[str]
    title: Mapped[str]
    description: Mapped[str]
    order_index: Mapped[int]
    is_preview: Mapped[bool]
    is_archived: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Enrollment(Base):
    __tablename__ = "enrollments"
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id"), primary_key=True)
    enrolled_at: Mapped[datetime]
    course: Mapped[Course] = relationship()


class Progress(Base):
    __tablename__ = "progress"
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    content_id: Mapped[UUID] = mapped_column(ForeignKey("contents.id"), primary_key=True)
    position: Mapped[float]
    watched: Mapped[list[Any]]
    percentage: Mapped[float]
    completed: Mapped[bool]
    updated_at: Mapped[datetime]


class View(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class CourseView(View):
    id: UUID
    title: str
    description: str
    instructor: str
    difficulty: str
    category: str
    status: str
    completion_threshold: int
    created_at: datetime
    updated_at: datetime


class ContentView(View):
    id: UUID
    course_id: UUID
    section_id: UUID
    type: str
    title: str
    description: str
    order_index: int
    is_preview: bool
    is_archived: bool
    created_at: datetime
    updated_at: datetime


class SectionView(View):
    id: UUID
    title: str
    contents: list[ContentView]


class CoursePage(CourseView):
    sections: list[SectionView]


class ProgressView(View):
    content_id: UUID
    position: float
    watched: list[Any]
    percentage: float
    completed: bool
    updated_at: datetime


class CourseProgress(BaseModel):
    course_id: UUID
    percentage: float
    contents: list[ProgressView]


class OnShelf(BaseModel):
    course: CourseView
    percentage: float
    done: int
    total: int


class Report(BaseModel):
    position: float
    watched: list[tuple[float, float]]


async def get_session() -> AsyncIterator[AsyncSession]:
    async with Session() as session:
        yield session


Db = Annotated[AsyncSession, Depends(get_session)]


async def get_user(session: Db, authorization: Annotated[str, Header()]) -> User:
    try:
        user_id = UUID(TOKENS.loads(authorization.removeprefix("Bearer "), max_age=86_400))
    except BadData:
        raise HTTPException(401) from None
    user = await session.get(User, user_id)
    if user is None or not user.is_active:
        raise HTTPException(401)
    return user


Me = Annotated[User, Depends(get_user)]


@app.get("/empty")
async def empty() -> dict[str, str]:
    return {}


@app.get("/courses")
async def list_courses(session: Db, skip: int = 0, limit: int = 20) -> list[CourseView]:
    wanted = select(Course).where(Course.status == "published")
    await session.scalar(select(func.count()).select_from(wanted.subquery()))
    rows = await session.scalars(wanted.order_by(Course.created_at.desc(), Course.id).offset(skip).limit(limit))
    return [CourseView.model_validate(row) for row in rows]


@app.get("/courses/{course_id}")
async def show_course(session: Db, course_id: UUID) -> CoursePage:
    query = select(Course).where(Course.id == course_id).options(selectinload(Course.sections).selectinload(Section.contents))
    course = await session.scalar(query)
    if course is None:
        raise HTTPException(404)
    return CoursePage.model_validate(course)


@app.get("/courses/{course_id}/progress")
async def show_progress(session: Db, me: Me, course_id: UUID) -> CourseProgress:
    if await session.get(Enrollment, (me.id, course_id)) is None:
        raise HTTPException(403)
    contents = (await session.scalars(select(Content).where(Content.course_id == course_id))).all()
    mine = select(Progress).where(Progress.user_id == me.id, Progress.content_id.in_([content.id for content in contents]))
    rows = (await session.scalars(mine)).all()
    percentage = sum(row.percentage for row in rows) / max(1, len(contents))
    views = [ProgressView.model_validate(row) for row in rows]
    return CourseProgress(course_id=course_id, percentage=percentage, contents=views)


@app.get("/dashboard")
async def show_dashboard(session: Db, me: Me) -> list[OnShelf]:
    query = select(Enrollment).where(Enrollment.user_id == me.id)
    found = query.options(selectinload(Enrollment.course).selectinload(Course.contents))
    enrollments = (await session.scalars(found)).all()
    ids = [content.id for one in enrollments for content in one.course.contents]
    rows = await session.scalars(select(Progress).where(Progress.user_id == me.id, Progress.content_id.in_(ids)))
    progress = {row.content_id: row for row in rows}
    return [_on_shelf(one.course, progress) for one in enrollments]


@app.put("/contents/{content_id}/progress")
async def report_progress(session: Db, me: Me, content_id: UUID, report: Report) -> ProgressView:
    content = await session.get(Content, content_id)
    if content is None or await session.get(Enrollment, (me.id, content.course_id)) is None:
        raise HTTPException(404)
    row = await session.get(Progress, (me.id, content_id), with_for_update=True)
    if row is None:
        row = Progress(user_id=me.id, content_id=content_id, watched=[], percentage=0.0, completed=False)
        session.add(row)
    row.position, row.updated_at = report.position, datetime.now(UTC)
    row.watched = [*row.watched, *map(list, report.watched)][-20:]
    await session.commit()
    return ProgressView.model_validate(row)


def _on_shelf(course: Course, progress: dict[UUID, Progress]) -> OnShelf:
    rows = [progress[content.id] for content in course.contents if content.id in progress]
    return OnShelf(
        course=CourseView.model_validate(course),
        percentage=sum(row.percentage for row in rows) / max(1, len(course.contents)),
        done=sum(row.completed for row in rows),
        total=len(course.contents),
    )
