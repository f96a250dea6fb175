"""Whatever the names, every file stands in exactly one place, and nothing depends on the order of the facts."""

import json
import tempfile
import unicodedata
from io import StringIO
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.console import Console

from lms_box.courses.folder.captions import cuts_of
from lms_box.courses.folder.document import Plan
from lms_box.courses.folder.numbering import numbering_of
from lms_box.courses.folder.order import natural_key
from lms_box.courses.folder.plan import make_plan
from lms_box.courses.folder.scan import FileFact, shown, take_snapshot
from lms_box_cli.plan_tree import clean, plan_tree

_WORDS = """
Intro intro Lecture slides notes README index about cover Basics Dr. No 2001 (1080p) en English captions chapters sample
Lesson Week 第3课 урок 03 שיעור ٣ S01E02 [01] 1.1 12345678_ 🚀 é é LICENSE subs resources static node_modules .git
"""
_EXTENSIONS = """
.mp4 .MP4 .mkv .mp3 .pdf .pptx .md .srt .vtt .en.vtt .txt .zip .png .JPG .html .ipynb .ts .docx .part .toml .py
"""
WORDS = st.sampled_from(_WORDS.split())
EXTENSIONS = st.sampled_from([*_EXTENSIONS.split(), ""])
SMALL = st.integers(0, 20).map("{:02}".format)
NUMBERS = st.one_of(st.just(""), st.integers(0, 120).map(str), SMALL, st.sampled_from("①٣３三"))
SEPARATORS = st.sampled_from([" ", "_", " - ", ". ", ") ", "-", "", ".", "\n", "—"])


@st.composite
def names(draw: st.DrawFn) -> bytes:
    wild = draw(st.booleans()) and draw(st.booleans())
    if wild:
        raw = draw(st.binary(min_size=1, max_size=24)).replace(b"/", b"-").replace(b"\0", b"0")
        return raw if raw not in (b".", b"..") else b"dots"
    text = draw(NUMBERS) + draw(SEPARATORS) + draw(SEPARATORS).join(draw(st.lists(WORDS, min_size=1, max_size=3)))
    return text.encode() or b"x"


@st.composite
def facts(draw: st.DrawFn) -> list[FileFact]:
    folders = draw(st.lists(st.lists(names(), max_size=3), min_size=1, max_size=4))
    raws = set()
    for _ in range(draw(st.integers(0, 14))):
        folder = draw(st.sampled_from(folders))
        raws.add(b"/".join([*folder, draw(names()) + draw(EXTENSIONS).encode()]))
    heads = st.sampled_from([b"", b"# Title\n", b"---\ntitle: Said\n---\n", b"---\ntitle: TODO\n", b"\xff\xfe"])
    return [FileFact(shown(raw), raw, draw(st.integers(0, 3)), 0, draw(heads)) for raw in sorted(raws)]


def placed(plan: Plan) -> list[str]:
    return [*plan.stored_paths(), *(one.path for one in plan.ignored)]


@given(facts())
@example([FileFact("\x01/ Intro.mp4", b"\x01/ Intro.mp4", 0, 0, b""), FileFact(" / .mp4", b" / .mp4", 0, 0, b"")])
@settings(max_examples=150)
def test_every_file_stands_in_exactly_one_place(tree: list[FileFact]) -> None:
    plan = make_plan(tree, name="A course")
    assert sorted(placed(plan)) == sorted(fact.path for fact in tree)
    assert all(content.title.strip() and content.reasons for content in plan.contents())
    assert all(section.title.strip() and section.contents for section in plan.sections)
    assert all(ignored.reason for ignored in plan.ignored)


@given(st.data())
@settings(max_examples=60)
def test_the_plan_is_the_same_in_any_order_of_the_facts(data: st.DataObject) -> None:
    tree = data.draw(facts())
    first = make_plan(tree, name="A course")
    assert make_plan(data.draw(st.permutations(tree)), name="A course") == first
    assert make_plan([fact for fact in tree if fact.path in placed(first)], name="A course") == first
    assert json.dumps(first.document())


@given(facts())
@settings(max_examples=60)
def test_the_tree_shows_every_lesson(tree: list[FileFact]) -> None:
    plan = make_plan(tree, name="A course")
    console = Console(width=2000, file=StringIO(), force_terminal=False)
    console.print(plan_tree(plan))
    drawn = console.file.getvalue() if isinstance(console.file, StringIO) else ""
    assert all(clean(content.title) in drawn for content in plan.contents())


@given(st.lists(st.text(max_size=30), max_size=12))
@settings(max_examples=200)
def test_the_natural_order_is_total(texts: list[str]) -> None:
    assert len({natural_key(text) for text in texts}) == len(set(texts))
    assert sorted(texts, key=natural_key) == sorted(dict.fromkeys(texts[::-1]), key=natural_key) or len(set(texts)) < len(texts)


@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=6))
@settings(max_examples=150)
def test_a_name_always_gets_a_title(stems: list[str]) -> None:
    numbering = numbering_of(unicodedata.normalize("NFC", stem) for stem in stems)
    for stem in stems:
        named = numbering.read(unicodedata.normalize("NFC", stem))
        assert named.title or not stem.strip()
        assert all(part >= 0 for part in named.number)
        assert next(iter(cuts_of(stem))).stem == stem


@given(st.lists(st.binary(min_size=1, max_size=12), min_size=2, max_size=8, unique=True))
@settings(max_examples=150)
def test_no_two_names_look_alike(raws: list[bytes]) -> None:
    assert len({shown(raw) for raw in raws}) == len(raws)


@given(facts())
@settings(max_examples=25)
def test_a_real_folder_is_seen_as_it_is(tree: list[FileFact]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        written = set()
        for fact in tree:
            path = root / Path(*map(_as_name, fact.raw.split(b"/")))
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b"x" * fact.size)
            except OSError:
                continue  # a file stands where another wants a folder
            written.add(fact.path)
        assert {fact.path for fact in take_snapshot(root).files} == written


def _as_name(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
