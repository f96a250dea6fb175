"""The one place that makes an error's answer: RFC 9457, one shape for everything that goes wrong."""

from http import HTTPStatus

from aiohttp import web
from pydantic import ValidationError

from lms_box.errors import (
    Conflict,
    Damaged,
    Forbidden,
    Gone,
    Invalid,
    LmsError,
    Malformed,
    Misconfigured,
    NotFound,
    Precondition,
    SignedOut,
    TooLarge,
    TooMany,
    Unavailable,
    Unsupported,
)
from lms_box.http.messages import FieldProblem, Problem

CONTENT_TYPE = "application/problem+json"
STATUS: dict[type[LmsError], int] = {
    Malformed: 400,
    SignedOut: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Gone: 410,
    Precondition: 412,
    TooLarge: 413,
    Unsupported: 415,
    Invalid: 422,
    TooMany: 429,
    Damaged: 460,
    Misconfigured: 500,
    Unavailable: 503,
}
OWN_TITLES = {460: "Checksum Mismatch"}  # tus names this status, HTTP does not
CODES = {
    400: "malformed_request",
    405: "method_not_allowed",
    408: "too_slow",
    413: "too_large",
    415: "not_json",
    416: "no_such_range",
    417: "expectation_failed",
    500: "internal",
}
DETAILS = {
    400: "The request is not well-formed HTTP.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    408: "The request did not arrive in time. Send it again when the line is better.",
    413: "The request is larger than this address takes.",
    415: "Send JSON, with Content-Type: application/json.",
    416: "The file has no such part.",
    417: "Of what is asked for in Expect, only 100-continue is known here.",
    500: "Something went wrong here. It is written down under the request id.",
}


def problem_of(error: LmsError, request_id: str) -> web.Response:
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    fields = error.fields if isinstance(error, Invalid) else ()
    headers = {"Retry-After": str(max(1, round(error.retry_after)))} if isinstance(error, TooMany) else {}
    return _answer(status, error.code, error.detail, request_id, fields=fields, headers=headers)


def problem_of_status(status: int, request_id: str, *, detail: str | None = None) -> web.Response:
    """For what the HTTP server itself refuses, and for failures that nobody foresaw."""
    code = CODES.get(status) or HTTPStatus(status).phrase.lower().replace(" ", "_")
    words = detail or DETAILS.get(status, HTTPStatus(status).description or HTTPStatus(status).phrase)
    return _answer(status, code, words, request_id)


def invalid_fields(error: ValidationError) -> Invalid:
    """What pydantic found, in the API's words; the values that were sent are not repeated."""
    fields = tuple(
        (
            ".".join(str(part) for part in found["loc"]) or "body",
            found["type"],
            found["msg"].removeprefix("Value error, "),
        )
        for found in error.errors(include_url=False, include_context=False, include_input=False)
    )
    names = ", ".join(dict.fromkeys(field for field, _, _ in fields))
    return Invalid(f"Please look at {names}: {fields[0][2]}.", fields=fields)


def _answer(
    status: int,
    code: str,
    detail: str,
    request_id: str,
    *,
    fields: tuple[tuple[str, str, str], ...] = (),
    headers: dict[str, str] | None = None,
) -> web.Response:
    problem = Problem(
        type=f"urn:lms-box:problem:{code}",
        title=OWN_TITLES.get(status) or HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        errors=[FieldProblem(field=field, code=kind, message=text) for field, kind, text in fields] or None,
        request_id=request_id,
    )
    headers = {"Cache-Control": "no-store", **(headers or {})}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    body = problem.model_dump_json(exclude_none=True).encode()
    return web.Response(status=status, body=body, content_type=CONTENT_TYPE, headers=headers)
