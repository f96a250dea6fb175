"""`lms openapi`: the API's description."""

from lms_box_cli.shell import AsJson, print_json


def openapi(as_json: AsJson = False) -> None:
    """Print the OpenAPI description of the HTTP API."""
    del as_json  # it is JSON in any case
    from lms_box.app import describe_api

    print_json(describe_api())
