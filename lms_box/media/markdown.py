"""Renders Markdown as HTML, which is still to be cleaned."""

import re

from markdown_it import MarkdownIt
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from lms_box.media.fenced import fenced_plugin
from lms_box.media.reading import one_line


def render_markdown(text: str) -> tuple[str | None, str]:
    renderer = MarkdownIt("commonmark", {"html": True, "linkify": False, "typographer": False})
    renderer.enable(["table", "strikethrough"])
    renderer.use(front_matter_plugin).use(footnote_plugin).use(tasklists_plugin).use(anchors_plugin, max_level=6)
    renderer.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True).use(fenced_plugin)
    tokens = renderer.parse(text)
    front = next((token.content for token in tokens if token.type == "front_matter"), "")
    return title_in_front_matter(front), renderer.renderer.render(tokens, renderer.options, {})


def title_in_front_matter(front: str) -> str | None:
    found = re.search(r"^title\s*:\s*(.+?)\s*$", front, re.MULTILINE)
    return one_line(found[1].strip("\"'")) or None if found else None
