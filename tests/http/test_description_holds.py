"""What the description promises is what a served box does, asked by schemathesis: every operation, as learner and as admin."""

from collections.abc import Iterator
from typing import Any, Literal, cast

import pytest
from command import Shell
from scene import Actor, Stage

from lms_box.app import API, ROUTES, describe_api
from lms_box.courses.uploads.tus import PIECE_TYPE

EXAMPLES, MANY = 20, 300
"""For each operation and role; the second with --deep."""
SEED = 20260301
ROLES: tuple[Literal["user", "admin"], ...] = ("user", "admin")
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


@pytest.fixture(scope="module")
def operations() -> dict[tuple[str, str], Any]:
    import schemathesis
    from schemathesis.transport.serialization import serialize_binary

    schemathesis.serializer(PIECE_TYPE)(lambda _context, value: serialize_binary(value))
    described = schemathesis.openapi.from_dict(describe_api(), config=schemathesis.Config.from_dict(CONFIG))
    found: list[Any] = [cast("Any", one).ok() for one in described.get_all_operations()]
    return {(one.method.upper(), one.path.removeprefix(API)): one for one in found}


@pytest.mark.parametrize(("method", "path"), [(route.method, route.path) for route in ROUTES])
def test_answers_as_described(stage: Stage, operations: dict[tuple[str, str], Any], method: str, path: str, deep: bool) -> None:
    """Right and wrong requests, each asked by both, right ones mostly with ids that are there."""
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis import strategies as st
    from schemathesis import GenerationMode

    operation = operations[method, path]
    right, wrong = (operation.as_strategy(mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE))
    actors = {role: stage.introduce(role) for role in ROLES}
    names = {role: stage.set(actor) for role, actor in actors.items()} if operation.path_parameters or operation.body else {}

    @seed(SEED)
    @settings(
        max_examples=MANY if deep else EXAMPLES,
        database=None,
        phases=[Phase.generate],  # a case as it came is plain enough, and to make it smaller asks hundreds of times more
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(right, right, wrong), with_ids=st.booleans())
    def ask(case: Any, with_ids: bool) -> None:
        body = case.body
        for role in ROLES:
            if is_right(case) and names:
                case.path_parameters = filled(case.path_parameters, names[role])
                case.body = filled(body, names[role]) if with_ids and isinstance(body, dict) else body
            check(case, stage, stage.introduce(role) if (method, path) in ENDS_ITSELF else actors[role])

    ask()


def filled(given: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {name: names.get(name, value) for name, value in given.items()}


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
