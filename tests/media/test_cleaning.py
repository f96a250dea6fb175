"""Addresses that a stranger's page may keep: links that lead somewhere, pictures that are its own."""

import pytest

from lms_box.media.cleaning import clean_html

DATA = "data:image/png;base64,iVBORw0KGgo="


@pytest.mark.parametrize(
    "address", ["https://example.org/a?b=c:d", "mailto:ada@example.org", "../02.md#part", "a/b:c", "?x", "HTTP://X"]
)
def test_links_that_stay(address: str) -> None:
    assert f'href="{address}"' in clean_html(f'<a href="{address}">x</a>')


@pytest.mark.parametrize(
    "address",
    [
        "javascript:x",
        "java\tscript:x",
        " data:text/html,x",
        "data:text/html;base64,eA==",
        DATA,
        "build:a",
        "vbscript:x",
        "file:///etc",
    ],
)
def test_links_that_go(address: str) -> None:
    assert "href" not in clean_html(f'<a href="{address}">x</a>')


@pytest.mark.parametrize(
    "address", ["fig/a.png", "/fig/a.png", DATA, "data:image/svg+xml;base64,PHN2Zy8+", "build:pictures/0a.webp"]
)
def test_pictures_that_stay(address: str) -> None:
    assert f'src="{address}"' in clean_html(f'<img src="{address}">')


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a.png",
        "//example.org/a.png",
        "data:text/html,x",
        "data:image/svg+xml,<svg/>",
        "build:../x",
        "build:text.json",
    ],
)
def test_pictures_that_go(address: str) -> None:
    assert "src" not in clean_html(f"<img src='{address}'>")
