"""Makes strangers' HTML harmless: what people read stays, what acts goes."""

import re

import nh3

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del", "details",
    "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "img", "input", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"title", "lang", "dir", "id", "class"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "input": {"type", "checked", "disabled"},
    "ol": {"start", "reversed"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
}
CLASSES = ("language-", "footnote", "task-list", "contains-task-list", "math", "callout")
SCHEMES = {"http", "https", "mailto"}
BUILD = "build:"
"""Before the name of a picture that lies beside the page, not in the course's folder."""
_LINK = re.compile(r"(?:https?|mailto):|[^:]*(?:[/?#]|$)", re.IGNORECASE)
_PICTURE = re.compile(
    rf"{BUILD}pictures/[0-9a-f]+\.webp|data:image/(?:svg\+xml|png|jpe?g|gif|webp|avif|bmp);base64,[A-Za-z0-9+/=\s]+"
)


def clean_html(text: str, *, prefix: str = "doc-") -> str:
    """Ids get a prefix of ours, and links to them too, so that a document cannot pass for a part of our page."""
    return nh3.clean(
        text,
        tags=TAGS,
        clean_content_tags={
            "script",
            "style",
            "template",
            "noscript",
            "title",
            "svg",
            "math",
            "iframe",
            "object",
            "textarea",
            "select",
        },
        attributes=ATTRIBUTES,
        attribute_filter=lambda tag, name, value: _kept(tag, name, value, prefix),
        url_schemes=SCHEMES | {"build", "data"},
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


def _kept(tag: str, name: str, value: str, prefix: str) -> str | None:
    if name == "id":
        return prefix + value
    if name == "href":
        return f"#{prefix}{value[1:]}" if value.startswith("#") else value if _LINK.match(value) else None
    if name == "class":
        return " ".join(word for word in value.split() if word.startswith(CLASSES)) or None
    if tag == "input" and name == "type":
        return value if value == "checkbox" else "hidden"
    if tag == "img" and name == "src" and not _is_own(value):
        return None
    return value


def _is_own(address: str) -> bool:
    """Pictures come from the course itself: a picture from elsewhere would tell others who reads here. Inside an `img`
    even a drawing in SVG runs and fetches nothing."""
    if _PICTURE.fullmatch(address):
        return True
    return ":" not in address.split("/", 1)[0] and not address.startswith(("//", "\\"))
