"""Lambda's REST protocol below the SDKs, and what Invoke refuses before anything runs."""

import base64
import http.client
import json
import re

import pytest

from credentials import signed
from lambda_functions import ARN, ROLE, create, failing, new_name, zip_of

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture(scope="module")
def function(functions):
    name = new_name()
    create(functions, name)
    yield name
    functions.delete_function(FunctionName=name)


def send(server, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection(server.host, server.port, timeout=30)
    try:
        body = body.encode() if isinstance(body, str) else body
        connection.request(method, path, body, signed(f"{server.host}:{server.port}", method, path,
                                                      headers or {}, body, "lambda"))
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_answers(server, function):
    response, body = send(server, "GET", f"/2015-03-31/functions/{function}/configuration")
    assert response.status == 200
    assert response.headers["Content-Type"] == "application/json"
    assert UUID.fullmatch(response.headers["x-amzn-RequestId"])
    assert json.loads(body)["FunctionName"] == function


@pytest.mark.parametrize("path", ["/2015-03-31/functions", "/2015-03-31/functions/",
                                  "/2015-03-31/functions/?MaxItems=1",
                                  "/2015-03-31/functions?MaxItems=1&Marker=a%20b"])
def test_slashes_and_queries(server, function, path):
    response, body = send(server, "GET", path)
    assert response.status == 200 and "Functions" in json.loads(body)


def test_path_is_decoded(server, function):
    arn = f"{ARN}{function}".replace(":", "%3A")
    response, body = send(server, "GET", f"/2015-03-31/functions/{arn}/configuration")
    assert json.loads(body)["FunctionName"] == function
    response, body = send(server, "GET", f"/2015-03-31/functions/{function}%2Fx")
    assert response.status == 400 and response.headers["x-amzn-ErrorType"] == "ValidationException"
    assert list(json.loads(body)) == ["message"]
    response, _ = send(server, "GET", "/2015-03-31/functions/%FF")
    assert response.status == 400


def test_errors(server):
    response, body = send(server, "GET", "/2015-03-31/functions/nothing")
    assert response.status == 404
    assert response.headers["x-amzn-ErrorType"] == "ResourceNotFoundException"
    assert json.loads(body) == {"Type": "User", "Message": f"Function not found: {ARN}nothing"}


@pytest.mark.parametrize("method,path", [
    ("GET", "/2015-03-31/nothing"), ("PATCH", "/2015-03-31/functions"),
    ("POST", "/2015-03-31/functions/f/g/h/i"), ("GET", "/2015-03-31/function-urls"),
    ("GET", "/2018-10-31/layers")])
def test_unknown_operations(server, method, path):
    response, _ = send(server, method, path)
    assert response.status == 404
    assert response.headers["x-amzn-ErrorType"] == "UnknownOperationException"


@pytest.mark.parametrize("body", [b"x", b"[]", b"{", b'{"a": 1} x', b'"a"', b"\xff", b"{" * 5000])
def test_bad_bodies(server, body):
    response, answer = send(server, "POST", "/2015-03-31/functions", body)
    assert response.status == 400
    assert response.headers["x-amzn-ErrorType"] == "InvalidRequestContentException"
    assert json.loads(answer)["message"].startswith("Could not parse request body into json: ")


@pytest.mark.parametrize("body", [
    {"FunctionName": 7}, {"FunctionName": "a", "Role": []}, {"FunctionName": "a", "Timeout": "x"},
    {"FunctionName": "a", "Environment": {"Variables": {"AA": 1}}}, {"Code": {"ZipFile": "%%"}},
    {"FunctionName": "a", "Layers": {}}])
def test_wrong_types(server, body):
    response, _ = send(server, "POST", "/2015-03-31/functions", json.dumps(body))
    assert response.status == 400
    assert response.headers["x-amzn-ErrorType"] == "SerializationException"


def test_required_members(server):
    response, body = send(server, "POST", "/2015-03-31/functions", b"{}")
    assert response.status == 400
    assert json.loads(body)["message"] == (
        "2 validation errors detected: Value null at 'functionName' failed to satisfy constraint: "
        "Member must not be null; Value null at 'role' failed to satisfy constraint: Member must "
        "not be null")


def test_the_body_does_not_name_what_the_path_names(server, function):
    response, body = send(server, "PUT", f"/2015-03-31/functions/{function}/configuration",
                          json.dumps({"FunctionName": "other", "Description": "seen"}))
    assert response.status == 200
    assert json.loads(body)["FunctionName"] == function
    assert json.loads(body)["Description"] == "seen"


def test_dry_run(functions, function):
    answer = functions.invoke(FunctionName=function, InvocationType="DryRun")
    assert answer["StatusCode"] == 204
    with failing("ResourceNotFoundException", 404):
        functions.invoke(FunctionName=function, InvocationType="DryRun", Qualifier="9")


def test_payloads(functions, function):
    for payload in (b"{", b"x", b"\xff", b"{} {}"):
        for kind in ("RequestResponse", "Event"):
            with failing("InvalidRequestContentException", 400):
                functions.invoke(FunctionName=function, InvocationType=kind, Payload=payload)
    with failing("RequestTooLargeException", 413,
                 "6291457 byte payload is too large for the RequestResponse invocation type (limit "
                 "6291456 bytes)"):
        functions.invoke(FunctionName=function, Payload=b" " * 6291457)
    with failing("RequestTooLargeException", 413,
                 "1048577 byte payload is too large for the Event invocation type (limit 1048576 "
                 "bytes)"):
        functions.invoke(FunctionName=function, InvocationType="Event", Payload=b" " * 1048577)


def test_client_context(functions, function):
    for context in ("x", base64.b64encode(b"[]").decode(), base64.b64encode(
            json.dumps({"a": "x" * 4000}).encode()).decode()):
        with failing("InvalidRequestContentException", 400):
            functions.invoke(FunctionName=function, ClientContext=context)


def test_events_are_accepted(functions, function):
    answer = functions.invoke(FunctionName=function, InvocationType="Event", Payload=b"{}")
    assert answer["StatusCode"] == 202 and answer["Payload"].read() == b""
    answer = functions.invoke_async(FunctionName=function, InvokeArgs=b"{}")
    assert answer["Status"] == 202


def test_other_services_are_still_there(server, client):
    assert client.list_tables()["ResponseMetadata"]["HTTPStatusCode"] == 200
    response, body = send(server, "GET", "/health")
    assert (response.status, body) == (200, b"ok\n")
    response, body = send(server, "GET", "/")
    assert response.status == 200 and body.startswith(b"healthy: dynamodb.")


def test_code_in_base64_is_large(server):
    """What is not for code keeps the limit of other requests."""
    response, _ = send(server, "POST", "/2015-03-31/functions/f/versions", b" " * 17_000_000)
    assert response.status == 413
    body = json.dumps({"FunctionName": new_name(), "Role": ROLE, "Handler": "h",
                       "Runtime": "provided.al2023", "Description": "x" * 17_000_000,
                       "Code": {"ZipFile": base64.b64encode(zip_of()).decode()}})
    response, _ = send(server, "POST", "/2015-03-31/functions", body)
    assert response.headers["x-amzn-ErrorType"] == "ValidationException"
