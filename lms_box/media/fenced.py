"""Fenced directives of Markdown (`::: challenge`, `:::note Title`, ```` ```{tip} ````) as framed blocks with a title."""

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

TITLES = {
    "keypoints": "Key points",
    "prereq": "Prerequisites",
    "seealso": "See also",
    "instructor": "For the instructor",
    "question": "Questions",
    "questions": "Questions",
}
_FRAMED = """
abstract activity answer attention bug callout caution challenge checklist danger definition details discussion error
example exercise failure goals hint important info instructor keypoints note objectives prereq prerequisites question
questions quote seealso solution spoiler success summary testimonial theorem tip todo tldr warning
"""
FRAMED = frozenset(_FRAMED.split())
FOLDED = frozenset({"answer", "details", "hint", "solution", "spoiler"})
"""Shut until the reader asks for them."""
CAREFUL = frozenset({"attention", "bug", "caution", "danger", "error", "failure", "important", "warning"})
_COLONS = re.compile(r"(:{3,})\s*(.*?)\s*:*")
_TICKS = re.compile(r"(`{3,}|~{3,})\s*(.*)")
_WORDS = re.compile(r"\{?(?P<word>[A-Za-z][\w-]*)\}?\s*(?:\[(?P<label>[^\]]*)\]|(?P<title>.*))")
_ATTRIBUTES = re.compile(r"\{\s*(?P<all>[^{}]*[.#=][^{}]*)\}")
_OPTION = re.compile(r":[\w-]+:(?:\s.*)?")
_LANGUAGE = re.compile(r"\{\s*\.?([\w+#-]+)")
_SAID_TITLE = re.compile(r"""title=(?:"([^"]*)"|'([^']*)')""")


@dataclass(frozen=True)
class Opening:
    """`kind` is one of FRAMED, "" for what is framed by nobody; `title` as it is written on the fence."""

    kind: str
    title: str = ""

    @property
    def tag(self) -> str:
        return "details" if self.kind in FOLDED else "div"

    @property
    def classes(self) -> str:
        return "callout callout-care" if self.kind in CAREFUL else "callout"

    @property
    def shown_title(self) -> str:
        return self.title or TITLES.get(self.kind) or self.kind.capitalize()


def fenced_plugin(renderer: MarkdownIt) -> None:
    options: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    renderer.block.ruler.before("fence", "callout", _callout, options)
    renderer.core.ruler.after("block", "code_language", _name_language)


def read_opening(words: str) -> Opening | None:
    """What stands behind the colons: a word and a title, or attributes as in Pandoc; None where that says nothing."""
    attributes = _ATTRIBUTES.fullmatch(words)
    if attributes:
        kinds = [word[1:].removeprefix("callout-") for word in attributes["all"].split() if word.startswith(".")]
        said = _SAID_TITLE.search(attributes["all"])
        return Opening(next(filter(FRAMED.__contains__, kinds), ""), (said[1] or said[2] or "") if said else "")
    found = _WORDS.fullmatch(words)
    if found is None:
        return None
    kind = found["word"].casefold().removeprefix("callout-")
    title = found["label"] if found["label"] is not None else found["title"]
    return Opening(kind, title.strip().removeprefix('"').removesuffix('"')) if kind in FRAMED else Opening("")


def _callout(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    if state.is_code_block(first):
        return False
    found = _opened(_line(state, first))
    if found is None or silent:
        return found is not None
    opening, ticks = found
    last = _end_of_ticks(state, first, end, ticks) if ticks else _end_of_colons(state, first, end)
    block = state.push("callout_open", opening.tag, 1)
    begun = len(state.tokens)
    _read_inside(state, first + 1, last)
    if opening.kind:
        block.attrs["class"] = opening.classes
        _give_title(state.tokens, begun, opening)
    state.push("callout_close", opening.tag, -1)
    state.line = min(last + 1, end)
    return True


def _opened(line: str) -> tuple[Opening, str] | None:
    """With the ticks that end it, "" where colons do."""
    if colons := _COLONS.fullmatch(line):
        opening = read_opening(colons[2])
        return (opening, "") if opening else None
    ticks = _TICKS.fullmatch(line)
    opening = read_opening(ticks[2]) if ticks and ticks[2].startswith("{") else None
    return (opening, ticks[1]) if ticks and opening and opening.kind else None


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip()


def _end_of_colons(state: StateBlock, first: int, end: int) -> int:
    """By depth, whatever the number of colons, as in Pandoc; what stands in a block of code does not count."""
    depth, number = 1, first + 1
    while number < end:
        sign = state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]][:1]
        if sign in ("`", "~") and (ticks := _TICKS.fullmatch(_line(state, number))):
            number = _end_of_ticks(state, number, end, ticks[1])
        elif sign == ":" and (colons := _COLONS.fullmatch(_line(state, number))):
            depth += 1 if read_opening(colons[2]) else -1 if not colons[2] else 0
        if depth == 0:
            return number
        number += 1
    return end


def _end_of_ticks(state: StateBlock, first: int, end: int, ticks: str) -> int:
    closing = re.compile(f"{re.escape(ticks)}{re.escape(ticks[0])}*")
    return next((number for number in range(first + 1, end) if closing.fullmatch(_line(state, number))), end)


def _read_inside(state: StateBlock, first: int, last: int) -> None:
    while first < last and _OPTION.fullmatch(_line(state, first)):
        first += 1
    parent, most = state.parentType, state.lineMax
    state.parentType, state.lineMax = "callout", last
    state.md.block.tokenize(state, first, last)
    state.parentType, state.lineMax = parent, most


def _give_title(tokens: list[Token], begun: int, opening: Opening) -> None:
    """A heading that it begins with is its title: no part of the page's outline."""
    has_heading = len(tokens) > begun + 2 and tokens[begun].type == "heading_open"
    if not has_heading or opening.title:
        words = Token("inline", "", 0, content=opening.shown_title, children=[], level=1, block=True)
        tokens[begun:begun] = [Token("callout_title_open", "p", 1), words, Token("callout_title_close", "p", -1)]
    for token, way in ((tokens[begun], "open"), (tokens[begun + 2], "close")):
        token.type, token.tag = f"callout_title_{way}", "summary" if opening.tag == "details" else "p"
    tokens[begun].attrs["class"] = "callout-title"


def _name_language(state: StateCore) -> None:
    """Code of `{r setup, echo=FALSE}` is in R."""
    for token in state.tokens:
        if token.type == "fence" and (found := _LANGUAGE.match(token.info)):
            token.info = found[1]
