"""What a person says of a course instead of having it guessed: in its `course.toml`, or in a plan changed by hand."""

from collections.abc import Iterator
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from lms_box.courses.messages import ContentType, CourseStatus, Difficulty, Percent
from lms_box.http.messages import NOT_BLANK, STORABLE, Message, OptionalLine, Prose

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), *STORABLE, NOT_BLANK]
"""Longer than what a person types: a title may be the names of many folders."""
Path = Annotated[str, StringConstraints(min_length=1, max_length=8000)]
Paths = Annotated[tuple[Path, ...], Field(max_length=20_000)]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length=35)]


class SaidCaption(Message):
    path: Path
    language: Language | None = None


class SaidContent(Message):
    path: Path
    title: Title | None = None
    description: Prose | None = None
    type: ContentType | None = None
    is_preview: bool | None = None
    is_archived: bool | None = None
    captions: Annotated[tuple[SaidCaption, ...], Field(max_length=200)] | None = None
    attachments: Paths | None = None

    def paths(self) -> Iterator[tuple[str, tuple[str | int, ...]]]:
        """Each file that it names, and where it does."""
        yield self.path, ("path",)
        for index, caption in enumerate(self.captions or ()):
            yield caption.path, ("captions", index, "path")
        for index, path in enumerate(self.attachments or ()):
            yield path, ("attachments", index)


class SaidSection(Message):
    title: Title
    folder: str | None = Field(None, description="what the rules find in this folder stands behind what is listed")
    attachments: Paths | None = None
    contents: Annotated[tuple[SaidContent, ...], Field(max_length=20_000)] = ()


class Wishes(Message):
    """What is not said is guessed."""

    title: Title | None = None
    description: Prose | None = None
    instructor: OptionalLine | None = None
    difficulty: Difficulty | None = None
    category: OptionalLine | None = None
    completion_threshold: Percent | None = None
    cover: Path | None = None
    attachments: Paths | None = Field(None, description="for the whole course")
    ignore: Paths = Field((), description="paths, folders, or patterns such as `drafts/*.mp4`")
    sections: Annotated[tuple[SaidSection, ...], Field(max_length=5_000)] = ()

    def paths(self) -> Iterator[tuple[str, tuple[str | int, ...]]]:
        """Each file that is given a place, and where that is said."""
        if self.cover is not None:
            yield self.cover, ("cover",)
        for index, path in enumerate(self.attachments or ()):
            yield path, ("attachments", index)
        for at, section in enumerate(self.sections):
            for index, path in enumerate(section.attachments or ()):
                yield path, ("sections", at, "attachments", index)
            for index, content in enumerate(section.contents):
                for path, where in content.paths():
                    yield path, ("sections", at, "contents", index, *where)


class CourseFile(Wishes):
    """`course.toml`."""

    id: UUID | None = None
    status: CourseStatus | None = None


By = Literal["course.toml", "you"]
BY_FILE: By = "course.toml"
BY_HAND: By = "you"
