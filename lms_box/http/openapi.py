"""The OpenAPI 3.1 description, made of the same rows that make the doors."""

import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from lms_box.http.messages import Problem
from lms_box.http.problems import CONTENT_TYPE
from lms_box.http.routing import Needs, Route

TEMPLATE = "#/components/schemas/{model}"
Json = dict[str, Any]
BYTES = {"type": "string", "format": "binary"}


def describe(routes: Sequence[Route], *, prefix: str, title: str, version: str) -> Json:
    paths: dict[str, Json] = {}
    for route in routes:
        paths.setdefault(f"{prefix}{route.path}", {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "license": {"name": "MIT", "identifier": "MIT"}},
        "paths": paths,
        "components": {
            "schemas": _schemas(routes),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "lms_session"},
            },
        },
    }


def _operation(route: Route) -> Json:
    doc = (route.handler.__doc__ or "").strip()
    operation: Json = {
        "operationId": route.name,
        "summary": doc.split("\n")[0].rstrip("."),
        "tags": [route.path.split("/")[1]],
        "parameters": [
            *_path_parameters(route),
            *_parameters(route.query, "query", by_alias=False),
            *_parameters(route.headers, "header", by_alias=True),
        ],
        "responses": _responses(route),
    }
    if route.needs is not Needs.NOBODY:
        operation["security"] = [{"bearer": []}, {"session": []}, *([{}] if route.needs is Needs.CATALOGUE else [])]
    if route.body is not None:
        operation["requestBody"] = {"required": True, "content": _json(_reference(route.body))}
    if route.form is not None:
        operation["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": _form(route.form)}}}
    if route.taken_type is not None:
        operation["requestBody"] = {"required": True, "content": {route.taken_type: {"schema": BYTES}}}
    return operation


def _form(model: type[BaseModel]) -> Json:
    schema = model.model_json_schema(ref_template=TEMPLATE)
    properties = {name: _without_null(part) for name, part in schema.get("properties", {}).items()}
    return {
        "type": "object",
        "properties": {"file": BYTES, **properties},
        "required": ["file", *schema.get("required", [])],
        "additionalProperties": False,
    }


def _responses(route: Route) -> Json:
    good: Json = {"description": "Done"}
    if route.says:
        good["headers"] = {name: {"description": text, "schema": {"type": "string"}} for name, text in route.says.items()}
    if route.returns is not None:
        good["content"] = _json(_returned(route.returns))
    if route.media_type is not None:
        good["content"] = {route.media_type: {"schema": {"type": "string"}}}
    has_nothing_to_say = "content" not in good and route.method != "HEAD"
    status = 204 if has_nothing_to_say and route.status == 200 else route.status
    responses: Json = {str(status): good}
    if route.repeatable:
        responses["200"] = {**good, "description": "It was there already"}
    responses["default"] = {
        "description": "What went wrong",
        "content": {CONTENT_TYPE: {"schema": {"$ref": TEMPLATE.format(model="Problem")}}},
    }
    return responses


def _path_parameters(route: Route) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
        for name in re.findall(r"{(\w+)}", route.path)
    ]


def _parameters(model: type[BaseModel] | None, place: str, *, by_alias: bool) -> list[Json]:
    if model is None:
        return []
    schema = model.model_json_schema(by_alias=by_alias, ref_template=TEMPLATE)
    required = schema.get("required", [])
    return [
        {"name": name, "in": place, "required": name in required, "schema": _without_null(part)}
        for name, part in schema["properties"].items()
    ]


def _without_null(schema: Json) -> Json:
    """A query parameter is left out rather than sent as null."""
    choices = [choice for choice in schema.get("anyOf", []) if choice != {"type": "null"}]
    return choices[0] if len(choices) == 1 else {key: value for key, value in schema.items() if key != "title"}


def _schemas(routes: Sequence[Route]) -> Json:
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [(Problem, "serialization")]
    for route in routes:
        if route.body is not None:
            models.append((route.body, "validation"))
        models += [(model, "serialization") for model in _models_in(route.returns)]
    unique = list(dict.fromkeys(models))
    _, schema = models_json_schema(unique, ref_template=TEMPLATE)
    found: Json = schema.get("$defs", {})
    return found


def _models_in(returned: Any) -> list[type[BaseModel]]:
    if isinstance(returned, type) and issubclass(returned, BaseModel):
        return [returned]
    return [model for part in getattr(returned, "__args__", ()) for model in _models_in(part)]


def _returned(returned: Any) -> Json:
    return (
        TypeAdapter(returned).json_schema(ref_template=TEMPLATE, mode="serialization")
        if not _models_in(returned)
        else (
            _reference(returned)
            if isinstance(returned, type) and issubclass(returned, BaseModel)
            else {"type": "array", "items": _reference(_models_in(returned)[0])}
        )
    )


def _reference(model: type[BaseModel]) -> Json:
    return {"$ref": TEMPLATE.format(model=model.__name__)}


def _json(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}
