"""What a README says of a course, with its lines as they are meant."""

import pytest

from lms_box.courses.folder.description import unwrapped

KEPT = (
    "- a list\n- of two",
    "1. first\n2. second",
    "# A heading\nand what follows",
    "A title\n-------\ntext",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "> said\n> by somebody",
    "```\na\nb\n```",
    "meant so  \nas poets do",
    "meant so\\\nas well",
    "one paragraph\n\nand another",
    "<p>\nHTML\n</p>",
    "    code\n    set in",
    "[1]: https://one.example\n[2]: https://two.example",
    "above\n***\nbelow",
)
JOINED = {
    "A line that\nan editor wrapped\ntwice.": "A line that an editor wrapped twice.",
    "- a point that\n  goes on\n- another": "- a point that goes on\n- another",
    "as it was in\n2019, and\n*not* before": "as it was in 2019, and *not* before",
    "before\n\n```\na\nb\n```\nafter\nit": "before\n\n```\na\nb\n```\nafter it",
}


@pytest.mark.parametrize("text", KEPT)
def test_lines_that_are_meant_stay(text: str) -> None:
    assert unwrapped(text) == text


@pytest.mark.parametrize(("text", "read"), JOINED.items())
def test_a_wrapped_paragraph_is_one_line(text: str, read: str) -> None:
    assert unwrapped(text) == read
