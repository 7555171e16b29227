"""Event source mappings through the Lambda API: what it takes, what it refuses, what it shows."""

import io
import json
import re
import time
import zipfile

import botocore.exceptions
import pytest

from api_models import ROOT, ROW
from conftest import create_table, make_client, stream_arn
from roles import ROLE
from server import Server

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HANDLERS = """
def succeed(event, context):
    return None

def fail(event, context):
    raise ValueError("never")
"""


def zipped(source):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("handlers.py", source)
    return buffer.getvalue()


def create_function(lambda_client, name, handler="succeed"):
    lambda_client.create_function(
        FunctionName=name, Runtime="python3.11", Handler=f"handlers.{handler}",
        Role=ROLE, Code={"ZipFile": zipped(HANDLERS)})
    return name


def lambda_client_of(server, **options):
    return make_client(server, "lambda", **options)


@pytest.fixture
def function(functions, name):
    yield create_function(functions, name)
    functions.delete_function(FunctionName=name)


@pytest.fixture
def arn(client, name):
    """Of the stream of a fresh table."""
    create_table(client, name, StreamSpecification={"StreamEnabled": True,
                                                    "StreamViewType": "NEW_AND_OLD_IMAGES"})
    yield stream_arn(client, name)
    client.delete_table(TableName=name)


class refused:  # noqa: N801, reads as a word
    """with refused(409, "ResourceConflictException", "the beginning of the message"): ..."""

    def __init__(self, status, code, message=""):
        self.expected = (status, code)
        self.message = message

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _):
        assert isinstance(error, botocore.exceptions.ClientError), error
        answer = error.response
        assert (answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]) == self.expected, answer
        assert answer["Error"]["Message"].startswith(self.message), answer["Error"]["Message"]
        return True


def wait_for(functions, uuid, state, seconds_max=20):
    deadline = time.monotonic() + seconds_max
    while time.monotonic() < deadline:
        mapping = functions.get_event_source_mapping(UUID=uuid)
        if mapping["State"] == state:
            return mapping
        time.sleep(0.02)
    raise AssertionError(f"{uuid} is still {mapping['State']}")


def wait_until_gone(functions, uuid, seconds_max=20):
    deadline = time.monotonic() + seconds_max
    while time.monotonic() < deadline:
        try:
            functions.get_event_source_mapping(UUID=uuid)
        except functions.exceptions.ResourceNotFoundException as error:
            assert error.response["Error"]["Message"] == "The resource you requested does not exist."
            return
        time.sleep(0.02)
    raise AssertionError(f"{uuid} is still there")


def create(functions, function, arn, **settings):
    settings.setdefault("StartingPosition", "TRIM_HORIZON")
    return functions.create_event_source_mapping(FunctionName=function, EventSourceArn=arn, **settings)


def mapping_arn(uuid):
    return f"arn:aws:lambda:us-east-1:000000000000:event-source-mapping:{uuid}"


def without_metadata(answer):
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def test_life(functions, function, arn):
    created = create(functions, function, arn)
    uuid = created["UUID"]
    assert created["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert UUID.fullmatch(uuid)
    assert abs(created.pop("LastModified").timestamp() - time.time()) < 60
    # Older SDKs do not know it.
    assert created.pop("EventSourceMappingArn", mapping_arn(uuid)) == mapping_arn(uuid)
    assert without_metadata(created) == {
        "UUID": uuid, "StartingPosition": "TRIM_HORIZON", "BatchSize": 100,
        "MaximumBatchingWindowInSeconds": 0, "ParallelizationFactor": 1, "EventSourceArn": arn,
        "FunctionArn": f"arn:aws:lambda:us-east-1:000000000000:function:{function}",
        "LastProcessingResult": "No records processed", "State": "Creating",
        "StateTransitionReason": "User action", "DestinationConfig": {"OnFailure": {}},
        "MaximumRecordAgeInSeconds": -1, "BisectBatchOnFunctionError": False,
        "MaximumRetryAttempts": -1, "TumblingWindowInSeconds": 0, "FunctionResponseTypes": []}
    wait_for(functions, uuid, "Enabled")

    updated = functions.update_event_source_mapping(UUID=uuid, BatchSize=7)
    assert updated["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert (updated["State"], updated["BatchSize"]) == ("Updating", 7)
    wait_for(functions, uuid, "Enabled")
    assert functions.update_event_source_mapping(UUID=uuid, Enabled=False)["State"] == "Disabling"
    assert wait_for(functions, uuid, "Disabled")["BatchSize"] == 7
    assert functions.update_event_source_mapping(UUID=uuid, Enabled=True)["State"] == "Enabling"
    wait_for(functions, uuid, "Enabled")

    deleted = functions.delete_event_source_mapping(UUID=uuid)
    assert deleted["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert deleted["State"] == "Deleting"
    wait_until_gone(functions, uuid)


def test_every_setting_is_kept_and_shown(functions, function, arn):
    settings = {
        "BatchSize": 10000, "MaximumBatchingWindowInSeconds": 300, "ParallelizationFactor": 10,
        "MaximumRecordAgeInSeconds": 604800, "MaximumRetryAttempts": 10000,
        "BisectBatchOnFunctionError": True, "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "FilterCriteria": {"Filters": [{"Pattern": json.dumps({"eventName": ["INSERT"]})}]},
        "DestinationConfig": {"OnFailure": {"Destination": "arn:aws:s3:::failed-batches"}}}
    uuid = create(functions, function, arn, Enabled=False, StartingPosition="LATEST", **settings)["UUID"]
    shown = wait_for(functions, uuid, "Disabled")
    assert {key: shown[key] for key in settings} == settings
    assert shown["StartingPosition"] == "LATEST"
    cleared = functions.update_event_source_mapping(
        UUID=uuid, FilterCriteria={"Filters": []}, FunctionResponseTypes=[], ParallelizationFactor=1,
        TumblingWindowInSeconds=900, DestinationConfig={"OnFailure": {}})
    assert "FilterCriteria" not in cleared
    assert cleared["FunctionResponseTypes"] == []
    assert cleared["DestinationConfig"] == {"OnFailure": {}}
    assert cleared["TumblingWindowInSeconds"] == 900
    wait_for(functions, uuid, "Disabled")
    functions.delete_event_source_mapping(UUID=uuid)
    wait_until_gone(functions, uuid)


def test_one_mapping_per_stream_and_function(functions, function, arn):
    uuid = create(functions, function, arn)["UUID"]
    with refused(409, "ResourceConflictException",
                 f'The event source arn (" {arn} ") and function (" {function} ") provided mapping '
                 f"already exists. Please update or delete the existing mapping with UUID {uuid}"):
        create(functions, function, arn)
    wait_for(functions, uuid, "Enabled")
    functions.delete_event_source_mapping(UUID=uuid)
    wait_until_gone(functions, uuid)


@pytest.mark.parametrize("settings,message", [
    ({"StartingPosition": None}, "1 validation error detected: Value null at 'startingPosition'"),
    ({"StartingPosition": "AT_TIMESTAMP"}, "Unsupported starting position for arn type: arn:aws:dynamodb"),
    ({"MaximumRecordAgeInSeconds": 59}, "MaximumRecordAgeInSeconds must be -1 or at least 60."),
    ({"TumblingWindowInSeconds": 1, "ParallelizationFactor": 2},
     "ParallelizationFactor must be 1 when TumblingWindowInSeconds is set."),
    ({"FilterCriteria": {"Filters": [{"Pattern": '{"a":"b"}'}]}}, "Invalid filter pattern definition."),
    ({"FilterCriteria": {"Filters": [{"Pattern": '{"a":["b"]}'}] * 6}}, "FilterCriteria has 6 filters"),
    ({"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:000000000000:q"}}},
     "This server has no SQS endpoint configured"),
    ({"DestinationConfig": {"OnSuccess": {"Destination": "arn:aws:s3:::well"}}},
     "Unsupported DestinationConfig parameter"),
    ({"Topics": ["topic"]}, "The parameter 'Topics' is not supported"),
    ({"SourceAccessConfigurations": [{"Type": "BASIC_AUTH", "URI": "arn:aws:s:us-east-1:000000000000:x"}]},
     "The parameter 'SourceAccessConfigurations' is not supported"),
    ({"FunctionName": "nobody"}, "Function does not exist"),
    ({"EventSourceArn": "arn:aws:dynamodb:us-east-1:000000000000:table/nobody/stream/2026-01-01T00:00:00.000"},
     "Stream not found: arn:aws:dynamodb:us-east-1:000000000000:table/nobody/stream/2026-01-01T00:00:00.000"),
    ({"EventSourceArn": "arn:aws:sqs:us-east-1:000000000000:queue"}, "Unrecognized event source"),
    ({"EventSourceArn": None}, "Unrecognized event source."),
])
def test_what_is_refused(functions, function, arn, settings, message):
    request = {"FunctionName": function, "EventSourceArn": arn, "StartingPosition": "LATEST", **settings}
    with refused(400, "InvalidParameterValueException", message):
        functions.create_event_source_mapping(**{k: v for k, v in request.items() if v is not None})
    assert functions.list_event_source_mappings(EventSourceArn=arn)["EventSourceMappings"] == []


@pytest.mark.parametrize("settings,member", [
    ({"BatchSize": 0}, "batchSize"), ({"BatchSize": 10001}, "batchSize"),
    ({"MaximumBatchingWindowInSeconds": 301}, "maximumBatchingWindowInSeconds"),
    ({"ParallelizationFactor": 11}, "parallelizationFactor"),
    ({"MaximumRetryAttempts": 10001}, "maximumRetryAttempts"),
    ({"MaximumRecordAgeInSeconds": 604801}, "maximumRecordAgeInSeconds"),
    ({"TumblingWindowInSeconds": 901}, "tumblingWindowInSeconds"),
    ({"FunctionResponseTypes": ["Everything"]}, "functionResponseTypes"),
    ({"StartingPosition": "SOMEWHERE"}, "startingPosition"),
    ({"FilterCriteria": {"Filters": [{"Pattern": " " * 4097}]}}, "filterCriteria"),
])
def test_what_is_out_of_range(server, function, arn, settings, member):
    unchecked = lambda_client_of(server, parameter_validation=False)
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        create(unchecked, function, arn, **settings)
    answer = caught.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert member in answer["Error"]["Message"]


def test_what_is_not_there(functions):
    nobody = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
    with refused(404, "ResourceNotFoundException", "The resource you requested does not exist."):
        functions.get_event_source_mapping(UUID=nobody)
    with refused(404, "ResourceNotFoundException", "The resource you requested does not exist."):
        functions.update_event_source_mapping(UUID=nobody, BatchSize=1)
    with refused(404, "ResourceNotFoundException", "The resource you requested does not exist."):
        functions.delete_event_source_mapping(UUID=nobody)
    with refused(404, "ResourceNotFoundException"):
        functions.list_event_source_mappings(FunctionName="nobody")


def test_list(functions, client, name, arn):
    names = [create_function(functions, f"{name}-{i}") for i in range(5)]
    uuids = sorted(create(functions, each, arn, Enabled=False)["UUID"] for each in names)
    pages = functions.get_paginator("list_event_source_mappings").paginate(
        EventSourceArn=arn, PaginationConfig={"PageSize": 2})
    listed = [[m["UUID"] for m in page["EventSourceMappings"]] for page in pages]
    assert [len(page) for page in listed] == [2, 2, 1]
    assert sum(listed, []) == uuids
    for each in names:
        found = functions.list_event_source_mappings(FunctionName=each)["EventSourceMappings"]
        assert [m["FunctionArn"].split(":")[-1] for m in found] == [each]
    for uuid in uuids:
        wait_for(functions, uuid, "Disabled")
        functions.delete_event_source_mapping(UUID=uuid)
    for uuid in uuids:
        wait_until_gone(functions, uuid)
    for each in names:
        functions.delete_function(FunctionName=each)


def test_tags(functions, function, arn):
    created = create(functions, function, arn, Enabled=False)
    resource = mapping_arn(created["UUID"])
    functions.tag_resource(Resource=resource, Tags={"a": "1"})
    functions.tag_resource(Resource=resource, Tags={"b": "2", "a": "3"})
    assert functions.list_tags(Resource=resource)["Tags"] == {"a": "3", "b": "2"}
    functions.untag_resource(Resource=resource, TagKeys=["a", "c"])
    assert functions.list_tags(Resource=resource)["Tags"] == {"b": "2"}
    with refused(400, "InvalidParameterValueException"):
        functions.tag_resource(Resource=resource, Tags={"aws:a": "b"})
    wait_for(functions, created["UUID"], "Disabled")
    functions.delete_event_source_mapping(UUID=created["UUID"])
    wait_until_gone(functions, created["UUID"])


def test_mappings_outlast_the_server(tmp_path, name):
    data = tmp_path / "data"
    with Server("--data", data) as server:
        client, functions = make_client(server), lambda_client_of(server)
        create_table(client, name, StreamSpecification={"StreamEnabled": True,
                                                        "StreamViewType": "KEYS_ONLY"})
        create_function(functions, name)
        uuid = create(functions, name, stream_arn(client, name), BatchSize=3)["UUID"]
        before = wait_for(functions, uuid, "Enabled")
    with Server("--data", data) as server:
        after = wait_for(lambda_client_of(server), uuid, "Enabled")
    assert without_metadata(after) == without_metadata(before)


def test_a_batch_that_fails_goes_to_the_bucket(tmp_path, name):
    data = tmp_path / "data"
    with Server("--data", data) as server:
        client, functions = make_client(server), lambda_client_of(server)
        create_table(client, name, StreamSpecification={"StreamEnabled": True,
                                                        "StreamViewType": "NEW_IMAGE"})
        arn = stream_arn(client, name)
        create_function(functions, name, "fail")
        uuid = create(functions, name, arn, MaximumRetryAttempts=1,
                      DestinationConfig={"OnFailure": {"Destination": "arn:aws:s3:::failed-batches"}})["UUID"]
        client.put_item(TableName=name, Item={"id": {"S": "poison"}})
        prefix = data / "buckets" / "failed-batches" / "aws" / "lambda" / uuid
        deadline = time.monotonic() + 60
        while not (found := [p for p in prefix.rglob("*") if p.is_file()]) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert len(found) == 1
        shard, year, month, day, file = found[0].relative_to(prefix).parts
        assert re.fullmatch(rf"{year}-{month}-{day}T\d\d\.\d\d\.\d\d-{UUID.pattern}", file)
        record = json.loads(found[0].read_text())
    assert record["version"] == "1.0"
    assert record["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 2
    assert record["requestContext"]["functionArn"].endswith(f":function:{name}")
    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST",
                                         "functionError": "Unhandled"}
    batch = record["DDBStreamBatchInfo"]
    assert (batch["shardId"], batch["batchSize"], batch["streamArn"]) == (shard, 1, arn)
    assert batch["startSequenceNumber"] == batch["endSequenceNumber"]
    event = json.loads(record["payload"])
    assert event["Records"][0]["dynamodb"]["Keys"] == {"id": {"S": "poison"}}


def test_every_parameter_has_one_row_in_the_compatibility_table():
    text = (ROOT / "docs/compatibility.md").read_text()
    [section] = [part for part in re.split(r"^## ", text, flags=re.MULTILINE)
                 if part.startswith("AWS Lambda: event source mappings")]
    named, operation = {}, None
    for first, parameters, answer, remark in ROW.findall(section):
        if answer in ("yes", "partly", "no"):
            operation = first or operation
            assert answer != "partly" or remark, operation
            named.setdefault(operation, []).extend(name for name in re.split(r"[, ]+", parameters) if name)
    model = json.loads((ROOT / "src/api/models/lambda.json").read_text())
    assert {operation: sorted(names) for operation, names in named.items()} == {
        operation: sorted(model["shapes"][http["input"]]["members"])
        for operation, http in model["operations"].items() if "EventSourceMapping" in operation}
