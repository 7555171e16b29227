"""The AWS CLI's lambda commands."""

import pytest

from lambda_functions import ARN, ROLE, new_name, zip_of


@pytest.fixture
def function(aws, tmp_path):
    name = new_name()
    (tmp_path / "code.zip").write_bytes(zip_of())
    aws("lambda", "create-function", "--function-name", name, "--runtime", "provided.al2023",
        "--handler", "handler", "--role", ROLE, "--zip-file", f"fileb://{tmp_path}/code.zip",
        "--environment", "Variables={KEY=value}", "--timeout", "9", "--tags", "team=a")
    yield name
    aws("lambda", "delete-function", "--function-name", name)


def test_function(aws, function, tmp_path):
    aws("lambda", "wait", "function-active-v2", "--function-name", function)
    shown = aws("lambda", "get-function", "--function-name", function)
    assert shown["Configuration"]["Timeout"] == 9
    assert shown["Configuration"]["Environment"] == {"Variables": {"KEY": "value"}}
    assert shown["Tags"] == {"team": "a"}
    (tmp_path / "other.zip").write_bytes(zip_of({"bootstrap": b"other"}))
    aws("lambda", "update-function-code", "--function-name", function, "--zip-file",
        f"fileb://{tmp_path}/other.zip")
    aws("lambda", "wait", "function-updated", "--function-name", function)
    assert aws("lambda", "update-function-configuration", "--function-name", function,
               "--memory-size", "512")["MemorySize"] == 512
    names = [f["FunctionName"] for f in aws("lambda", "list-functions")["Functions"]]
    assert function in names


def test_versions_and_aliases(aws, function):
    assert aws("lambda", "publish-version", "--function-name", function)["Version"] == "1"
    alias = aws("lambda", "create-alias", "--function-name", function, "--name", "live",
                "--function-version", "1")
    assert alias["AliasArn"] == f"{ARN}{function}:live"
    listed = aws("lambda", "list-versions-by-function", "--function-name", function)["Versions"]
    assert [version["Version"] for version in listed] == ["$LATEST", "1"]
    aws("lambda", "delete-alias", "--function-name", function, "--name", "live")


def test_invocations(aws, function, tmp_path):
    out = tmp_path / "out.json"
    assert aws("lambda", "invoke", "--function-name", function, "--invocation-type", "DryRun",
               str(out)) == {"StatusCode": 204}
    assert aws("lambda", "invoke", "--function-name", function, "--invocation-type", "Event",
               "--cli-binary-format", "raw-in-base64-out", "--payload", '{"a": 1}',
               str(out)) == {"StatusCode": 202}
    with pytest.raises(AssertionError, match="InvalidRequestContentException"):
        aws("lambda", "invoke", "--function-name", function, "--cli-binary-format",
            "raw-in-base64-out", "--payload", "{", str(out))


def test_settings(aws, function):
    arn = ARN + function
    aws("lambda", "tag-resource", "--resource", arn, "--tags", "stage=test")
    assert aws("lambda", "list-tags", "--resource", arn)["Tags"] == {"team": "a", "stage": "test"}
    aws("lambda", "untag-resource", "--resource", arn, "--tag-keys", "stage", "team")
    assert aws("lambda", "list-tags", "--resource", arn)["Tags"] == {}
    aws("lambda", "put-function-concurrency", "--function-name", function,
        "--reserved-concurrent-executions", "3")
    assert aws("lambda", "get-function-concurrency", "--function-name", function) == {
        "ReservedConcurrentExecutions": 3}
    aws("lambda", "add-permission", "--function-name", function, "--statement-id", "a",
        "--action", "lambda:InvokeFunction", "--principal", "events.amazonaws.com")
    assert "events.amazonaws.com" in aws("lambda", "get-policy", "--function-name",
                                         function)["Policy"]
    with pytest.raises(AssertionError, match="ResourceNotFoundException"):
        aws("lambda", "get-function", "--function-name", "nothing")
