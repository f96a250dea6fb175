"""The description says what the doors do: every row is in it, and every row says what its handler takes and gives."""

import inspect
import json
import re
import typing
from typing import Any

import pytest

from lms_box.app import API, ROUTES, describe_api
from lms_box.http.routing import Answer, Call, Needs, Page, Route

DESCRIPTION: dict[str, Any] = json.loads(json.dumps(describe_api()))


def operation_of(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = DESCRIPTION["paths"][f"{API}{route.path}"][route.method.lower()]
    return found


def test_every_row_is_described_once() -> None:
    described = {(method.upper(), path) for path, methods in DESCRIPTION["paths"].items() for method in methods}
    assert described == {(route.method, f"{API}{route.path}") for route in ROUTES}
    names = [operation_of(route)["operationId"] for route in ROUTES]
    assert len(names) == len(set(names))
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)
    assert "servers" not in DESCRIPTION


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_handler_agrees_with_its_row(route: Route) -> None:
    hints = typing.get_type_hints(route.handler)
    assert hints.pop("call", hints.pop("_call", None)) is Call
    assert hints.pop("body", None) == route.body
    assert hints.pop("query", None) == route.query
    given = hints.pop("return")
    assert hints == {}
    parameters = list(inspect.signature(route.handler).parameters.values())
    assert all(one.kind is one.KEYWORD_ONLY for one in parameters[1:])
    if given is Page:
        assert typing.get_origin(route.returns) is list
    elif given is type(None):
        assert route.returns is None
    elif given is not Answer and not given.__module__.startswith("aiohttp"):
        assert given == route.returns
    assert inspect.getdoc(route.handler), "a route says in one line what it does"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_an_operation_is_whole(route: Route) -> None:
    operation = operation_of(route)
    in_path = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
    assert in_path == re.findall(r"{(\w+)", route.path)
    assert all(one["required"] for one in operation["parameters"] if one["in"] == "path")
    assert ("requestBody" in operation) == (route.body is not None or route.form is not None or route.taken_type is not None)
    assert route.takes is not None or (route.form is None and route.taken_type is None)
    assert route.takes is None or "requestBody" in operation
    assert ("security" in operation) == (route.needs is not Needs.NOBODY)
    assert ({} in operation.get("security", [])) == (route.needs is Needs.CATALOGUE)
    assert "default" in operation["responses"]
    good = [status for status in operation["responses"] if status != "default"]
    assert good
    assert all(re.fullmatch(r"[23]\d\d", status) for status in good)
    assert all(part["description"] for part in operation["responses"].values())
    assert operation["summary"]


def test_it_is_openapi_and_every_reference_leads_somewhere() -> None:
    assert DESCRIPTION["openapi"].startswith("3.1.")
    assert {"title", "version"} <= set(DESCRIPTION["info"])
    text = json.dumps(DESCRIPTION)
    schemas = DESCRIPTION["components"]["schemas"]
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert named - set(schemas) == set()
    assert set(re.findall(r'"\$ref": "([^"]+)"', text)) == {f"#/components/schemas/{name}" for name in named}
    assert "$defs" not in text
    schemes = DESCRIPTION["components"]["securitySchemes"]
    used = {name for route in ROUTES for choice in operation_of(route).get("security", []) for name in choice}
    assert used <= set(schemes)
    for schema in walk(schemas):
        assert set(schema.get("required", [])) <= set(schema.get("properties", schema.get("required", [])))


def walk(value: Any) -> typing.Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from walk(part)


def test_files_and_pieces_are_described() -> None:
    """Every place that takes bytes says in which part or type it wants them, and what is said beside them."""
    paths = DESCRIPTION["paths"]
    for method, path, fields in [
        ("post", "/upload/content", {"file", "course_id", "section_id", "title", "content_type"}),
        ("post", "/upload/thumbnail", {"file", "course_id"}),
        ("put", "/auth/me/picture", {"file"}),
    ]:
        schema = paths[f"{API}{path}"][method]["requestBody"]["content"]["multipart/form-data"]["schema"]
        assert set(schema["properties"]) == fields, path
        assert schema["properties"]["file"] == {"type": "string", "format": "binary"}
    tus, one = paths[f"{API}/upload/tus"], paths[f"{API}/upload/tus/{{upload_id}}"]
    for operation, headers, status, told in [
        (tus["options"], set(), "204", {"Tus-Version", "Tus-Extension", "Tus-Max-Size", "Tus-Checksum-Algorithm"}),
        (tus["post"], {"Tus-Resumable", "Upload-Length", "Upload-Metadata"}, "201", {"Location", "Upload-Expires"}),
        (one["head"], {"Tus-Resumable"}, "200", {"Upload-Offset", "Upload-Length"}),
        (one["patch"], {"Tus-Resumable", "Upload-Offset", "Upload-Checksum"}, "204", {"Upload-Offset", "Upload-Expires"}),
        (one["delete"], {"Tus-Resumable"}, "204", set()),
    ]:
        assert {row["name"] for row in operation["parameters"] if row["in"] == "header"} == headers
        assert told <= set(operation["responses"][status].get("headers", {})), operation["operationId"]
    assert set(one["patch"]["requestBody"]["content"]) == {"application/offset+octet-stream"}


async def test_it_is_served(client: Any) -> None:
    answer = await client.get("/api/openapi.json")
    assert (answer.status, await answer.json()) == (200, DESCRIPTION)
