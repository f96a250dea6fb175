"""Fenced directives of Markdown become framed blocks; what is none stays text."""

import re

import pytest

from lms_box.media.cleaning import clean_html
from lms_box.media.markdown import render_markdown


def shown(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", clean_html(render_markdown(text)[1]))


def framed(title: str, inside: str, *, care: bool = False) -> str:
    classes = "callout callout-care" if care else "callout"
    return f'<div class="{classes}"><p class="callout-title">{title}</p>{inside}</div>'


NOTE = framed("Note", "<p>x</p>")
FENCES = {
    "a word": ("::: note\nx\n:::", NOTE),
    "touching": (":::note\nx\n:::", NOTE),
    "colons behind": ("::: note :::\nx\n:::::", NOTE),
    "a title": (":::tip My *own* title\nx\n:::", framed("My <em>own</em> title", "<p>x</p>")),
    "a title in brackets": (":::info[Of note]\nx\n:::", framed("Of note", "<p>x</p>")),
    "attributes": ('::: {.callout-note title="Mind"}\nx\n:::', framed("Mind", "<p>x</p>")),
    "MyST": ("```{note}\n:class: wide\nx\n```", NOTE),
    "MyST, colons": (":::{warning} Hot\nx\n:::", framed("Hot", "<p>x</p>", care=True)),
    "its heading": (":::: challenge\n\n## Do `it`\n\nx\n\n::::", framed("Do <code>it</code>", "<p>x</p>")),
    "said differently": ("::: keypoints\n\n- x\n\n:::", framed("Key points", "<ul><li>x</li></ul>")),
    "folded": (
        "::: solution\nx\n:::",
        '<details class="callout"><summary class="callout-title">Solution</summary><p>x</p></details>',
    ),
    "nested, with longer fences inside": (
        "::::: note\n::::::::: tip\nx\n:::::::\ny\n:::::",
        framed("Note", framed("Tip", "<p>x</p>") + "<p>y</p>"),
    ),
    "never closed": ("::: note\nx", NOTE),
    "in a list": ("- a\n  ::: note\n  x\n  :::\n- b", f"<ul><li>a{NOTE}</li><li>b</li></ul>"),
    "in a quote": ("> ::: note\n> x\n> :::\n\ny", f"<blockquote>{NOTE}</blockquote><p>y</p>"),
    "ends a paragraph": ("a\n::: note\nx\n:::\nb", f"<p>a</p>{NOTE}<p>b</p>"),
    "unknown": ("::: columns\nx\n:::", "<div><p>x</p></div>"),
    "code with colons": ("::: note\n```\n:::\n```\nx\n:::", framed("Note", "<pre><code>:::</code></pre><p>x</p>")),
    "no fence": ("a ::: note", "<p>a ::: note</p>"),
    "no word": ("::: 5\nx", "<p>::: 5x</p>"),
    "indented code": ("    ::: note", "<pre><code>::: note</code></pre>"),
    "code in R": ("```{r setup, echo=FALSE}\nx\n```", '<pre><code class="language-r">x</code></pre>'),
    "a script in the title": (":::note <script>alert(1)</script>\nx\n:::", framed("", "<p>x</p>")),
}


@pytest.mark.parametrize(("text", "html"), FENCES.values(), ids=FENCES)
def test_fences(text: str, html: str) -> None:
    assert shown(text) == html


def test_headings_that_are_titles_are_no_headings() -> None:
    assert "<h2" not in shown("::: challenge\n## Title\n:::")
    assert "<h3" in shown("::: challenge\n## Title\n### Part\n:::")


def test_a_thousand_in_each_other_end() -> None:
    assert shown("::: note\n" * 1000 + "x").count("callout-title") < 100
