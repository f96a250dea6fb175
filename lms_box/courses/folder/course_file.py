"""Reads a folder's `course.toml`: what is wrong in it is said with its line, and nothing is half believed."""

import re
import tomllib
from collections.abc import Iterable

from pydantic import BaseModel, ValidationError

from lms_box.courses.folder.arranging import Where, find_mistakes
from lms_box.courses.folder.front import SETTINGS
from lms_box.courses.folder.scan import Snapshot
from lms_box.courses.folder.toml_lines import line_of
from lms_box.courses.folder.wishes import CourseFile, SaidCaption, SaidContent, SaidSection
from lms_box.errors import Invalid

LARGEST = 10_000_000
_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_MODELS: dict[tuple[str, ...], type[BaseModel]] = {
    (): CourseFile,
    ("sections",): SaidSection,
    ("sections", "contents"): SaidContent,
    ("sections", "contents", "captions"): SaidCaption,
}


def read_course_file(snapshot: Snapshot) -> CourseFile:
    """An empty one where there is none. Raises Invalid with the line of what cannot be understood."""
    fact = next((fact for fact in snapshot.files if fact.path == SETTINGS), None)
    if fact is None:
        return CourseFile()
    if fact.trouble or fact.size > LARGEST:
        raise _wrong(1, fact.trouble or "this file is too large to be a list of lessons")
    try:
        text = snapshot.absolute(fact).read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise _wrong(error.object[: error.start].count(b"\n") + 1, "this is no text in UTF-8") from None
    except OSError as error:
        raise _wrong(1, f"the file cannot be read: {error.strerror}") from None
    said = parse_course_file(text)
    if mistakes := list(find_mistakes(said, snapshot.files)):
        raise _all_wrong((line_of(text, where), words) for where, words in mistakes)
    return said


def parse_course_file(text: str) -> CourseFile:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _no_toml(str(error), text) from None
    except RecursionError:
        raise _wrong(1, "the lists in it are nested too deeply") from None
    try:
        return CourseFile.model_validate(values)
    except ValidationError as error:
        found = [(one["loc"], _in_words(one["loc"], one["type"], one["msg"])) for one in error.errors(include_url=False)]
        raise _all_wrong((line_of(text, where), words) for where, words in found) from None


def _no_toml(words: str, text: str) -> Invalid:
    found = _AT_LINE.search(words)
    line = int(found[1]) if found and found[1] else text.count("\n") + 1
    return _wrong(line, f"this is no TOML: {_AT_LINE.sub('', words)}")


def _in_words(where: Where, kind: str, words: str) -> str:
    names = tuple(part for part in where if isinstance(part, str))
    if kind == "extra_forbidden":
        known = ", ".join(_MODELS.get(names[:-1], CourseFile).model_fields)
        return f"there is no key “{names[-1]}”; known here are {known}"
    if kind == "missing":
        return f"“{names[-1]}” is missing here"
    return f"{names[-1] if names else 'this'}: {words[:1].lower()}{words[1:]}"


def _all_wrong(found: Iterable[tuple[int, str]]) -> Invalid:
    """The first of them, and how many more."""
    (line, words), *others = sorted(found)
    return _wrong(line, words, f" ({len(others)} more to mend)" if others else "")


def _wrong(line: int, words: str, more: str = "") -> Invalid:
    return Invalid(f"{SETTINGS}, line {line}: {words}.{more}", code="bad_course_file")
