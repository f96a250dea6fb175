"""The plan: how a folder is understood as a course, before anything is done."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

ContentType = Literal["video", "audio", "presentation", "document", "file"]
Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class PlannedCaption:
    path: str
    language: str | None


@dataclass(frozen=True, slots=True)
class PlannedContent:
    """`number` is what a reader sees before the title, "2.1"; `doubts` are those of the reasons that lower the confidence.
    Both are no part of the document."""

    path: str
    title: str
    type: ContentType
    confidence: Confidence
    reasons: tuple[str, ...] = ()
    captions: tuple[PlannedCaption, ...] = ()
    attachments: tuple[str, ...] = ()
    number: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedSection:
    """`folder` is its path, "" for the root; like `number` it is no part of the document."""

    title: str
    attachments: tuple[str, ...]
    contents: tuple[PlannedContent, ...]
    folder: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    path: str
    reason: str


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
            yield from (caption.path for caption in content.captions)
            yield from content.attachments

    def document(self) -> dict[str, Any]:
        """The document of `lms course import --dry-run --json`."""
        document = _listed(asdict(self))
        assert isinstance(document, dict)
        for section in document["sections"]:
            del section["folder"], section["number"]
            for content in section["contents"]:
                del content["number"], content["doubts"]
        return document


def _listed(value: object) -> object:
    """JSON has lists only."""
    if isinstance(value, dict):
        return {key: _listed(one) for key, one in value.items()}
    return [_listed(one) for one in value] if isinstance(value, tuple) else value
