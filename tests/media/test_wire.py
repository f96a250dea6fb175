"""What crosses between server and child arrives as it was sent; nonsense is refused."""

import json
from pathlib import Path

import pytest

from lms_box.media.child import read_request
from lms_box.media.messages import Build, Built, Caption, Inspect, Options, Rendition
from lms_box.media.wire import read_built, read_reply, write_built, write_request

RENDITION = Rendition(
    name="720p", file="720p.mp4", type="video", codecs="avc1.64001f", bandwidth=2, average_bandwidth=1, duration=3.5
)
BUILT = Built(renditions=(RENDITION,), captions=(Caption(language="de", label="Deutsch", file="captions/de.vtt"),))


@pytest.mark.parametrize(
    "request_",
    [
        Inspect(source=Path("/a/b c"), name="b c"),
        Build(source=Path("/a"), name="ä", kind="video", into=Path("/o"), options=Options(stage="ladder", rungs=(360,))),
    ],
)
def test_requests_arrive(request_: Inspect | Build) -> None:
    assert read_request(write_request(request_).decode()) == request_


def test_builds_are_kept_as_json() -> None:
    assert read_built(json.loads(json.dumps(write_built(BUILT)))) == BUILT


@pytest.mark.parametrize("line", [b"", b"[]", b'{"built": {"renditions": 3}}', b'{"progress": {"done": "far"}}', b"\xff"])
def test_nonsense_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_reply(line)
