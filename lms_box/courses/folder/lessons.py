"""How sure the plan is of a lesson, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lms_box.courses.folder.document import Confidence
from lms_box.courses.folder.entries import Lesson
from lms_box.courses.folder.front import is_readme
from lms_box.courses.folder.sections import number_text


@dataclass
class Doubts:
    """Reasons in the order found; the worst of them is the confidence."""

    reasons: list[str] = field(default_factory=list)
    confidence: Confidence = "high"

    def note(self, reason: str) -> None:
        self.reasons.append(reason)

    def doubt(self, reason: str, *, guessed: bool = False) -> None:
        self.reasons.append(reason)
        if guessed:
            self.confidence = "low"
        elif self.confidence == "high":
            self.confidence = "medium"


def weigh(lesson: Lesson, neighbours: Sequence[Lesson]) -> Doubts:
    """`neighbours` are all lessons of its section, itself among them."""
    doubts = Doubts()
    _weigh_place(doubts, lesson, neighbours)
    if lesson.entry.kind == "file":
        doubts.doubt(f"{lesson.entry.extension} files are not shown, learners download them")
    if lesson.entry.extension in (".ts", ".mts"):
        doubts.note("its first bytes are those of a video, not of TypeScript")
    return doubts


def _weigh_place(doubts: Doubts, lesson: Lesson, neighbours: Sequence[Lesson]) -> None:
    if is_readme(lesson.entry):
        doubts.note("opens its folder")
    elif lesson.named.number:
        _weigh_number(doubts, lesson, neighbours)
    elif len(neighbours) == 1:
        doubts.note("the only lesson of its folder")
    elif any(other.named.number for other in neighbours):
        doubts.doubt("without a number, so behind those that have one")
    else:
        doubts.doubt("in the order of names, for want of numbers")


def _weigh_number(doubts: Doubts, lesson: Lesson, neighbours: Sequence[Lesson]) -> None:
    number = number_text(lesson.named.number)
    doubts.note(f"number {number} in its name")
    strangers = [other for other in neighbours if other is not lesson and _only_number_shared(lesson, other)]
    if strangers:
        doubts.doubt(f"{strangers[0].path.rpartition('/')[2]} has number {number} too")


def _only_number_shared(lesson: Lesson, other: Lesson) -> bool:
    """ "02-knn__notes" and "02-knn__slides" are meant to share it."""
    return other.named.number == lesson.named.number and other.named.words[:1] != lesson.named.words[:1]
