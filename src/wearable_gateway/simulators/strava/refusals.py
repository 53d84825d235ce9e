"""How the vendor says no: never in the words of RFC 6749.

https://developers.strava.com/docs/reference/#api-models-Fault
"""

from starlette.responses import JSONResponse, Response


def refused(status: int, message: str, resource: str, field: str, code: str = "invalid") -> Response:
    fault = {"resource": resource, "field": field, "code": code}
    return JSONResponse({"message": message, "errors": [fault]}, status)
