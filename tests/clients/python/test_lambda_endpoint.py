"""Functions that run at another server: --lambda-endpoint, and the tag of a function."""

import json
import time

import pytest

from conftest import create_table, make_client, stream_arn
from credentials import ACCESS_KEY_ID, SECRET_ACCESS_KEY
from lambda_functions import ARN, ROLE, failing, zip_of
from server import Server

SOURCE = b"""
import json
def handler(event, context):
    if event.get("fail"):
        raise ValueError("no")
    print("got", json.dumps(event))
    return {"ran": context.function_name, "records": len(event.get("Records", []))}
"""


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    with Server("--data", tmp_path_factory.mktemp("elsewhere") / "data") as server:
        functions = make_client(server, "lambda")
        functions.create_function(FunctionName="far", Runtime="python3.11", Handler="index.handler",
                                  Role=ROLE, Code={"ZipFile": zip_of({"index.py": SOURCE})})
        yield server


def caller(directory, *options):
    """A server that has a key of the other one."""
    config = directory / "millrace.toml"
    config.write_text(f'listen = "127.0.0.1:0"\ndata = "{directory}/data"\n[destinations]\n'
                      f'access_key_id = "{ACCESS_KEY_ID}"\n'
                      f'secret_access_key = "{SECRET_ACCESS_KEY}"\n')
    return Server("--config", config, *options)


@pytest.fixture(scope="module")
def here(elsewhere, tmp_path_factory):
    with caller(tmp_path_factory.mktemp("here"), "--lambda-endpoint", elsewhere.endpoint) as server:
        yield server


def test_invoke(here):
    functions = make_client(here, "lambda")
    answer = functions.invoke(FunctionName="far", Payload=b"{}", LogType="Tail")
    assert json.load(answer["Payload"]) == {"ran": "far", "records": 0}
    assert answer["ExecutedVersion"] == "$LATEST"
    assert "FunctionError" not in answer
    assert answer["LogResult"]
    failed = functions.invoke(FunctionName="far", Payload=b'{"fail": true}')
    assert failed["FunctionError"] == "Unhandled"
    assert json.load(failed["Payload"])["errorType"] == "ValueError"
    with failing("ResourceNotFoundException", 404):
        functions.invoke(FunctionName="nowhere")


def wait_for_log(server, words, seconds_max=10):
    logs = make_client(server, "logs")
    deadline = time.monotonic() + seconds_max
    while time.monotonic() < deadline:
        try:
            events = logs.filter_log_events(logGroupName="/aws/lambda/far", filterPattern=words)
        except logs.exceptions.ResourceNotFoundException:
            events = {"events": []}
        if events["events"]:
            return events["events"]
        time.sleep(0.05)
    raise AssertionError(f"{words} is in no log")


@pytest.mark.parametrize("function", ["far", ARN + "far", ARN + "far:$LATEST"])
def test_a_mapping_feeds_it(here, elsewhere, name, function):
    client, functions = make_client(here), make_client(here, "lambda")
    create_table(client, name, StreamSpecification={"StreamEnabled": True,
                                                    "StreamViewType": "NEW_IMAGE"})
    mapping = functions.create_event_source_mapping(
        EventSourceArn=stream_arn(client, name), FunctionName=function, BatchSize=1,
        StartingPosition="TRIM_HORIZON")
    client.put_item(TableName=name, Item={"id": {"S": f"item-of-{name}"}})
    wait_for_log(elsewhere, f'"item-of-{name}"')
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        result = functions.get_event_source_mapping(UUID=mapping["UUID"])["LastProcessingResult"]
        if result != "No records processed":
            break
        time.sleep(0.05)
    assert result == "OK"
    functions.delete_event_source_mapping(UUID=mapping["UUID"])


def test_the_tag_of_one_function(elsewhere, tmp_path):
    with caller(tmp_path) as server:
        functions = make_client(server, "lambda")
        functions.create_function(FunctionName="far", Role=ROLE, Code={},
                                  Tags={"millrace:endpoint": elsewhere.endpoint})
        answer = functions.invoke(FunctionName="far", Payload=b"{}")
        assert json.load(answer["Payload"]) == {"ran": "far", "records": 0}


def test_an_endpoint_that_does_not_answer(server):
    functions = make_client(server, "lambda")
    functions.create_function(FunctionName="unreachable", Role=ROLE, Code={},
                              Tags={"millrace:endpoint": "http://127.0.0.1:1"})
    with failing("ServiceException", 500):
        functions.invoke(FunctionName="unreachable", Payload=b"{}")
    functions.delete_function(FunctionName="unreachable")
