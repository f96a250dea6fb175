"""The plan: how a folder is understood as a course, before anything is done."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NamedTuple

from lms_box.courses.folder.edits import Edit

ContentType = Literal["video", "audio", "presentation", "document", "file"]
TrackKind = Literal["captions", "chapters"]
Confidence = Literal["high", "medium", "low"]
LeftOutCode = Literal[
    "another_description", "beside_deleted", "course_file_says_so", "deleted", "empty", "hidden", "in_a_bin", "incomplete",
    "installed", "left_behind", "no_picture", "no_place", "no_recording", "of_no_use", "repository", "sample", "settings",
    "unreadable", "you_said_so",
]  # fmt: skip
ReasonCode = Literal[
    "by_name", "captions_by_number", "captions_by_position", "captions_far", "companion", "course_file_says_so",
    "edit_overruled", "edit_stays", "empty", "front_matter", "heading", "no_number", "not_shown", "number", "only_lesson",
    "opens_folder", "same_number", "video_bytes", "you_said_so",
]  # fmt: skip


class Reason(NamedTuple):
    """Why a lesson stands where it does, in words and for those who have words of their own; `about` is what it names."""

    reason: str
    code: ReasonCode
    about: str = ""

    def document(self) -> dict[str, str]:
        return {"code": self.code, "about": self.about}


@dataclass(frozen=True, slots=True)
class PlannedCaption:
    path: str
    language: str | None
    kind: TrackKind = "captions"

    def document(self) -> dict[str, str | None]:
        """Captions are what most of them are, and do not say it."""
        return {"path": self.path, "language": self.language} | ({"kind": self.kind} if self.kind != "captions" else {})


@dataclass(frozen=True, slots=True)
class PlannedContent:
    """`number` is what a reader sees before the title, "2.1"; `doubts` are those of the reasons that lower the confidence.
    They, and what follows them, are no part of the document; None is left as it is."""

    path: str
    title: str
    type: ContentType
    confidence: Confidence
    reasons: tuple[Reason, ...] = ()
    captions: tuple[PlannedCaption, ...] = ()
    attachments: tuple[str, ...] = ()
    number: str = ""
    doubts: tuple[Reason, ...] = ()
    description: str | None = None
    is_preview: bool | None = None
    is_archived: bool | None = None

    def beside(self) -> Iterator[str]:
        yield from (caption.path for caption in self.captions)
        yield from self.attachments


@dataclass(frozen=True, slots=True)
class PlannedSection:
    """`folder` is its path, "" for the root, or what tells it from others; like `number` it is no part of the document."""

    title: str
    attachments: tuple[str, ...]
    contents: tuple[PlannedContent, ...]
    folder: str = ""
    number: str = ""


class Because(NamedTuple):
    """Why a file is left out, in words and for those who have words of their own."""

    reason: str
    code: LeftOutCode


@dataclass(frozen=True, slots=True)
class Ignored:
    path: str
    reason: str
    code: LeftOutCode


@dataclass(frozen=True, slots=True)
class Changes:
    """Paths as they are now, those of `removed` as they were."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    title: str
    cover: str | None
    description: str | None
    sections: tuple[PlannedSection, ...]
    attachments: tuple[str, ...]
    ignored: tuple[Ignored, ...]
    changes: Changes = field(default_factory=Changes)
    edits: tuple[Edit, ...] = ()
    """What was changed in the browser and by the folder, and which of them stays."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """What is known of the course's own fields, by name; no part of the document."""

    def contents(self) -> Iterator[PlannedContent]:
        for section in self.sections:
            yield from section.contents

    def stored_paths(self) -> Iterator[str]:
        """Every file that an import keeps, each once."""
        yield from (path for path in (self.cover, self.description) if path)
        yield from self.attachments
        for section in self.sections:
            yield from section.attachments
        for content in self.contents():
            yield content.path
            yield from content.beside()

    def document(self) -> dict[str, Any]:
        """The document of `lms course import --dry-run --json`."""
        return {
            "title": self.title,
            "cover": self.cover,
            "description": self.description,
            "sections": [_section(section) for section in self.sections],
            "attachments": list(self.attachments),
            "ignored": [asdict(ignored) for ignored in self.ignored],
            "changes": {name: list(paths) for name, paths in asdict(self.changes).items()},
            **({"edits": [asdict(edit) for edit in self.edits]} if self.edits else {}),
        }


def _section(section: PlannedSection) -> dict[str, Any]:
    contents = [_content(content) for content in section.contents]
    return {"title": section.title, "attachments": list(section.attachments), "contents": contents}


def _content(content: PlannedContent) -> dict[str, Any]:
    return {
        "path": content.path,
        "title": content.title,
        "type": content.type,
        "confidence": content.confidence,
        "reasons": [one.reason for one in content.reasons],
        "captions": [caption.document() for caption in content.captions],
        "attachments": list(content.attachments),
        "reason_codes": [one.document() for one in content.reasons],
    }
