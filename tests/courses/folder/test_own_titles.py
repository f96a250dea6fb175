"""What Markdown says of its own title, and what is only a placeholder."""

import pytest

from lms_box.courses.folder.plan import make_plan
from lms_box.courses.folder.scan import HEAD, FileFact

TITLES = [
    ("01-a.md", b"---\ntitle: Python Fundamentals\n---\n# Other\n", "Python Fundamentals"),
    ("01-a.md", b'---\r\nlayout: x\r\ntitle: "Q&A: \\"all\\""\r\n---\r\n', 'Q&A: "all"'),
    ("01-a.md", b"---\ntitle: 'It''s'\n---\n", "It's"),
    ("01-a.md", "\ufeff---\ntitle: Été\n---\n".encode(), "Été"),
    ("01-a.md", b"---\ntitle: FIXME\n---\n", "a"),
    ("01-a.md", b"---\ntitle: >\n  Folded\n---\n", "a"),
    ("01-a.md", b"---\ntitle:\n---\n", "a"),
    ("01-a.md", b"---\ntitle: caf\xe9\n---\n", "a"),
    ("01-a.md", b"# A heading\n", "a"),
    ("01-a.md", b"text\n---\ntitle: Not front matter\n---\n", "a"),
    ("s/README.md", b"# [A heading](x.md) with **stress**\n", "A heading with stress"),
    ("s/README.md", b"no heading\n", "s"),
    ("s/index.md", b"---\nlayout: x\n---\n\n# Welcome #\n", "Welcome"),
]


@pytest.mark.parametrize(("path", "head", "title"), TITLES)
def test_titles(path: str, head: bytes, title: str) -> None:
    facts = [FileFact(path, path.encode(), len(head), 0, head), FileFact("t/b.mp4", b"t/b.mp4", 1, 0)]
    contents = {content.path: content.title for content in make_plan(facts, name="A course").contents()}
    assert contents[path] == title


def test_a_line_cut_in_two_is_no_title() -> None:
    head = (b"---\nx: " + b"y" * HEAD)[: HEAD - 9] + b"\ntitle: Cu"
    facts = [FileFact("a.md", b"a.md", HEAD + 100, 0, head[:HEAD])]
    assert next(make_plan(facts, name="A course").contents()).title == "a"
