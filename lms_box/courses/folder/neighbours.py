"""Finds the lesson that a file goes with: by its whole name, by number and words, by number alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from lms_box.courses.folder.entries import Entry, Folder, Lesson
from lms_box.courses.folder.numbering import Named, Numbering

_COMPANIONS = """
slides slide notes note handout handouts transcript transcripts script code exercise exercises solution solutions
resource resources file files worksheet worksheets quiz cheatsheet cheat sheet summary pdf deck presentation
material materials reading readings workbook homework assignment assignments answers key lecture links source
sources project starter final folien skript notizen übung übungen lösung lösungen aufgaben diapositives support
exercices corrigé apuntes presentación ejercicios diapositivas esercizi конспект презентация слайды задание задания
материалы 讲义 课件 笔记 スライド 資料 노트 자료
"""
COMPANIONS = frozenset(_COMPANIONS.split())


class Neighbours:
    def __init__(self, lessons: Iterable[Lesson], numberings: Mapping[Folder, Numbering]) -> None:
        self._numberings = numberings
        self._stems: dict[tuple[Folder, str], list[Lesson]] = defaultdict(list)
        self._keys: dict[tuple[Folder, object], list[Lesson]] = defaultdict(list)
        self._numbers: dict[tuple[Folder, tuple[int, ...]], list[Lesson]] = defaultdict(list)
        self._anywhere: dict[str, list[Lesson]] = defaultdict(list)
        self._folders: dict[Folder, list[Lesson]] = defaultdict(list)
        for lesson in lessons:
            self._add(lesson)

    def _add(self, lesson: Lesson) -> None:
        folder = lesson.entry.folder
        self._stems[folder, lesson.entry.folded].append(lesson)
        self._keys[folder, lesson.named.key].append(lesson)
        if lesson.named.number:
            self._numbers[folder, lesson.named.number].append(lesson)
        self._anywhere[lesson.entry.folded].append(lesson)
        self._folders[folder].append(lesson)

    def name(self, folder: Folder, stem: str) -> Named:
        return self._numberings.get(folder, Numbering()).read(stem)

    def in_folder(self, folder: Folder) -> list[Lesson]:
        return self._folders.get(folder, [])

    def same_name(self, folder: Folder, stem: str) -> Lesson | None:
        same = self._stems.get((folder, stem.casefold())) or self._keys.get((folder, self.name(folder, stem).key))
        return _recording_first(same)

    def same_start(self, folder: Folder, named: Named) -> Lesson | None:
        """The lesson with the same number whose words begin these: "002 Lecture" for "002 Lecture slides"."""
        for count in range(len(named.words) - 1, -1 if named.number else 0, -1):
            found = self._keys.get((folder, (named.number, named.words[:count])))
            if found and (count or goes_along(named.words)):
                return _recording_first(found)
        return None

    def same_number(self, folder: Folder, number: tuple[int, ...]) -> Lesson | None:
        found = self._numbers.get((folder, number), []) if number else []
        return found[0] if len(found) == 1 else None

    def anywhere(self, stem: str) -> Lesson | None:
        found = self._anywhere.get(stem.casefold(), [])
        return found[0] if len(found) == 1 else None

    def has_number(self, folder: Folder, entry: Entry) -> bool:
        return bool(self.name(folder, entry.stem).number)


def goes_along(words: tuple[str, ...]) -> bool:
    """Words that name no subject of their own."""
    return bool(words) and all(word in COMPANIONS or word.isdecimal() for word in words)


def _recording_first(lessons: list[Lesson] | None) -> Lesson | None:
    if not lessons:
        return None
    ranks = {"video": 0, "audio": 1}
    return min(lessons, key=lambda lesson: (ranks.get(lesson.entry.kind, 2), lesson.path))
