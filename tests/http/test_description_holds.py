"""What the description promises is what a served box does, asked by schemathesis: every operation, as everybody."""

from collections.abc import Iterator
from typing import Any, Literal, cast

import pytest
from command import Shell
from scene import Actor, Stage

from lms_box.app import API, ROUTES, describe_api
from lms_box.courses.uploads.tus import PIECE_TYPE

EXAMPLES = 300
"""For each operation and role."""
SEED = 20260301
ENDS_ITSELF = {("DELETE", "/auth/me"), ("POST", "/auth/logout"), ("POST", "/auth/password")}
"""Whoever did this is signed out."""
RULES = frozenset(
    {
        *("unknown_picture", "not_a_picture", "incomplete_order", "unknown_section", "content_not_in_course", "empty_file"),
        *("one_of", "not_captions", "password_refused", "link_spent", "too_large"),
        *("upload_expired", "upload_used", "upload_incomplete"),
    }
)
"""Why something well-formed may be refused: what no schema can say, because it depends on what is stored."""
REFUSED = ["400", "401", "403", "404", "405", "409", "410", "412", "413", "415", "422", "460"]
"""How what is not well-formed may be refused: tus says 412 where its version is missing, and a long body is not read."""
CONFIG = {
    "checks": {
        "negative_data_rejection": {"expected-statuses": REFUSED},
        "missing_required_header": {"expected-statuses": REFUSED},
        "positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", *REFUSED]},  # `check` looks at it more closely
    }
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    environ = {"LMS_LIMITS__ENABLED": "false", "LMS_AUTH__REGISTRATION": "open", "LMS_AUTH__ACCESS_MINUTES": "1000"}
    shell = Shell(tmp_path_factory.mktemp("served") / "data", environ)
    shell.run("user", "add", "keeper@example.org", "--role", "admin", "--password-stdin", stdin="a quiet word")
    with shell.serving("--no-jobs") as served:
        yield Stage(served.address, _sign_in(served.address))


def _sign_in(address: str) -> Actor:
    import requests

    said = {"email": "keeper@example.org", "password": "a quiet word"}
    token = requests.post(f"{address}/api/v1/auth/login", json=said, timeout=60).json()["access_token"]
    me = requests.get(f"{address}/api/v1/auth/me", headers={"Authorization": f"Bearer {token}"}, timeout=60).json()
    return Actor(me["id"], token)


@pytest.mark.deep
@pytest.mark.parametrize("role", ["user", "admin"])
def test_every_operation_answers_as_described(stage: Stage, role: Literal["user", "admin"]) -> None:
    import schemathesis
    from schemathesis.transport.serialization import serialize_binary

    schemathesis.serializer(PIECE_TYPE)(lambda _context, value: serialize_binary(value))
    described = schemathesis.openapi.from_dict(describe_api(), config=schemathesis.Config.from_dict(CONFIG))
    operations: list[Any] = [cast("Any", found).ok() for found in described.get_all_operations()]
    assert len(operations) == len(ROUTES)
    for operation in operations:
        play(stage, role, operation)


def play(stage: Stage, role: Literal["user", "admin"], operation: Any) -> None:
    """Right and wrong requests for one operation, right ones mostly with ids that are there."""
    from hypothesis import HealthCheck, given, seed, settings
    from hypothesis import strategies as st
    from schemathesis import GenerationMode

    actor = stage.introduce(role)
    names = stage.set(actor)
    ids = {one.name: names[one.name] for one in operation.path_parameters if one.name in names}
    right = operation.as_strategy(GenerationMode.POSITIVE, path_parameters=ids)
    wrong = operation.as_strategy(GenerationMode.NEGATIVE)

    @seed(SEED)
    @settings(max_examples=EXAMPLES, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=st.one_of(right, right, wrong), with_ids=st.booleans())
    def ask(case: Any, with_ids: bool) -> None:
        who = stage.introduce(role) if (case.method, operation.path.removeprefix(API)) in ENDS_ITSELF else actor
        if with_ids and is_right(case) and isinstance(case.body, dict):
            case.body = {name: names.get(name, value) for name, value in case.body.items()}
        check(case, stage, who)

    ask()


def is_right(case: Any) -> bool:
    return bool(case.meta.generation.mode.is_positive)


def check(case: Any, stage: Stage, who: Actor) -> None:
    from schemathesis.specs.openapi.checks import negative_data_rejection

    stage.session.cookies.clear()
    response = case.call(base_url=stage.address, session=stage.session, headers=who.headers)
    # Of a form schemathesis also calls wrong what is none: any bytes may be a file.
    excluded = [negative_data_rejection] if case.media_type == "multipart/form-data" else []
    case.validate_response(response, excluded_checks=excluded, headers=who.headers, transport_kwargs={"session": stage.session})
    if is_right(case) and response.status_code in (400, 410, 412, 413, 415, 422):
        problem = response.json()
        codes = {problem["code"], *(one["code"] for one in problem.get("errors", []))}
        assert codes & RULES, (case.as_curl_command(), problem)
