"""The types of the pages are those of the API."""

import hashlib
import json
import re
from pathlib import Path

from house.sources import text_of

from lms_box.app import describe_api

GENERATED = Path("web/src/lib/api/generated.ts")


def test_the_types_of_the_pages_are_those_of_the_api() -> None:
    described = re.sub(r'"version": "[^"]*"', "", json.dumps(describe_api(), indent=2, ensure_ascii=False), count=1)
    digest = hashlib.sha256(described.strip().encode()).hexdigest()
    found = re.search(r"// made from (\w+)", text_of(GENERATED))
    advice = "the API has changed: lms openapi > web/openapi.json, then python web/build_site.py types"
    assert found is not None, advice
    assert found[1] == digest, advice
