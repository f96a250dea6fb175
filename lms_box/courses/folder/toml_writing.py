"""Writes a `course.toml`: the standard library only reads them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any


def course_file_text(said: Mapping[str, Any]) -> str:
    """`said` in the shape of wishes.CourseFile; what is None or an empty list is left out."""
    plain = {name: value for name, value in said.items() if name != "sections"}
    parts = ["\n".join(_lines(plain))]
    for section in said.get("sections", ()):
        parts.append(
            "\n".join(["[[sections]]", *_lines({name: value for name, value in section.items() if name != "contents"})])
        )
        parts += ["\n".join(["[[sections.contents]]", *_lines(content)]) for content in section["contents"]]
    return "\n\n".join(part for part in parts if part) + "\n"


def _lines(values: Mapping[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        if value is not None and value != []:
            yield f"{name} = {_value(value)}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(_lines(value)) + " }"
    if isinstance(value, list):
        return "[\n" + "".join(f"    {_value(one)},\n" for one in value) + "]"
    return _text(str(value))


def _text(text: str) -> str:
    """JSON's escapes are TOML's too, but for one character; several lines are written as such."""
    lines = [json.dumps(line, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f") for line in text.split("\n")]
    return f'"{lines[0]}"' if len(lines) == 1 else '"""\n' + "\n".join(lines) + '"""'
