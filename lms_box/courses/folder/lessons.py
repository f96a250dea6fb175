"""How sure the plan is of a lesson, and why."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from lms_box.courses.folder.document import Confidence, Reason
from lms_box.courses.folder.entries import Lesson
from lms_box.courses.folder.front import is_readme
from lms_box.courses.folder.sections import number_text


@dataclass
class Doubts:
    """Reasons in the order found; the worst of them is the confidence."""

    reasons: list[Reason] = field(default_factory=list)
    doubts: list[Reason] = field(default_factory=list)
    confidence: Confidence = "high"

    def note(self, reason: Reason) -> None:
        self.reasons.append(reason)

    def doubt(self, reason: Reason, *, guessed: bool = False) -> None:
        self.reasons.append(reason)
        self.doubts.append(reason)
        if guessed:
            self.confidence = "low"
        elif self.confidence == "high":
            self.confidence = "medium"


class Company:
    """What the lessons of one section have in common."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        self.alone = len(lessons) == 1
        self.numbered = any(lesson.named.number for lesson in lessons)
        self._by_number: dict[tuple[int, ...], list[Lesson]] = defaultdict(list)
        for lesson in lessons:
            self._by_number[lesson.named.number].append(lesson)

    def stranger(self, lesson: Lesson) -> Lesson | None:
        """Another lesson with this number; "02-knn__notes" and "02-knn__slides" are meant to share theirs."""
        others = (other for other in self._by_number[lesson.named.number] if other is not lesson)
        return next((other for other in others if other.named.words[:1] != lesson.named.words[:1]), None)


def weigh(lesson: Lesson, company: Company) -> Doubts:
    doubts = Doubts()
    _weigh_place(doubts, lesson, company)
    if lesson.entry.kind == "file":
        kind = lesson.entry.extension
        doubts.doubt(Reason(f"{kind} files are not shown, learners download them", "not_shown", kind))
    if lesson.entry.extension in (".ts", ".mts"):
        doubts.note(Reason("its first bytes are those of a video, not of TypeScript", "video_bytes"))
    if lesson.entry.fact.size == 0:
        doubts.doubt(Reason("the file is empty", "empty"), guessed=True)
    return doubts


def _weigh_place(doubts: Doubts, lesson: Lesson, company: Company) -> None:
    if is_readme(lesson.entry):
        doubts.note(Reason("opens its folder", "opens_folder"))
    elif lesson.named.number:
        _weigh_number(doubts, lesson, company)
    elif company.alone:
        doubts.note(Reason("the only lesson of its folder", "only_lesson"))
    elif company.numbered:
        doubts.doubt(Reason("without a number, so behind those that have one", "no_number"))
    else:
        doubts.doubt(Reason("in the order of names, for want of numbers", "by_name"))


def _weigh_number(doubts: Doubts, lesson: Lesson, company: Company) -> None:
    number = number_text(lesson.named.number)
    doubts.note(Reason(f"number {number} in its name", "number", number))
    stranger = company.stranger(lesson)
    if stranger:
        other = stranger.path.rpartition("/")[2]
        doubts.doubt(Reason(f"{other} has number {number} too", "same_number", other))
