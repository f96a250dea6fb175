"""`lms openapi`: the API's description."""

from lms_box_cli.shell import print_json


def openapi() -> None:
    """Print the OpenAPI description of the HTTP API."""
    from lms_box.app import describe_api

    print_json(describe_api())
