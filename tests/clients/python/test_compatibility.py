"""docs/compatibility.md says of every operation and parameter what the server does with it."""

import copy
import re

import pytest

from api_models import (COMPATIBILITY, MODELS, ROOT, SECTIONS, TARGETS, input_members,
                        read_compatibility, sample)
from conftest import make_client
from wire import call

# (service, operation): operations of several services have the same name.
OPERATIONS = sorted((service, operation) for service, model in MODELS.items()
                    for operation in model["operations"])
ANSWERS = {(row.service, row.operation): "yes" if row.parameters else row.answer
           for row in reversed(COMPATIBILITY)}
REFUSED = [(row.service, row.operation, path) for row in COMPATIBILITY if row.answer == "no"
           for path in row.parameters]
# What a refused parameter's error is called.
REFUSALS = {"logs": "InvalidParameterException"}

KEYS = {"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}
# What the operation accepts of a table with the partition key id, a string.
ACCEPTED = {
    "CreateTable": {"BillingMode": "PAY_PER_REQUEST", **KEYS},
    "UpdateTable": {"BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": KEYS["AttributeDefinitions"]},
    "Query": {"KeyConditions": {"id": {"ComparisonOperator": "EQ",
                                       "AttributeValueList": [{"S": "a"}]}}},
    "Scan": {},
    "PutItem": {"Item": {"id": {"S": "a"}}},
    "GetItem": {"Key": {"id": {"S": "a"}}},
    "UpdateItem": {"Key": {"id": {"S": "a"}}},
    "DeleteItem": {"Key": {"id": {"S": "a"}}},
    "CreateLogGroup": {},
    "DescribeLogGroups": {},
    "PutLogEvents": {"logStreamName": "stream", "logEvents": [{"timestamp": 1, "message": "a"}]},
}


def parameters_of(service, operation):
    return [name for row in COMPATIBILITY if (row.service, row.operation) == (service, operation)
            for name in row.parameters]


def ask(server, service, operation, body):
    return call(server, operation, body, service=TARGETS[service])


def with_parameter(service, operation, body, path):
    """`body` with a value at `path`; what leads there is made of what its shapes require."""
    shapes = MODELS[service]["shapes"]
    body = copy.deepcopy(body)
    place, members = body, input_members(service, operation)
    *outer, last = path.split(".")
    for name in outer:
        shape = members[name]
        place = place.setdefault(name, sample(service, shape, name))
        if isinstance(place, list):
            place, shape = place[0], shapes[shape]["member"]
        members = shapes[shape]["members"]
    place[last] = sample(service, members[last], last)
    return body


def test_every_operation_has_its_row():
    named = {(row.service, row.operation) for row in COMPATIBILITY}
    assert named == set(OPERATIONS)


@pytest.mark.parametrize("service,operation", OPERATIONS)
def test_operation_is_answered_as_the_table_says(server, service, operation):
    answer = ask(server, service, operation, {})
    unknown = answer.status == 400 and "UnknownOperationException" in answer.json["__type"]
    assert unknown == (ANSWERS.get((service, operation)) == "no")


@pytest.mark.parametrize("service,operation", [o for o in OPERATIONS if ANSWERS.get(o) in ("yes", "partly")])
def test_every_parameter_has_one_row(service, operation):
    outermost = [name for name in parameters_of(service, operation) if "." not in name]
    assert sorted(outermost) == sorted(input_members(service, operation))


def test_what_is_partly_done_has_a_remark():
    assert [row.operation for row in COMPATIBILITY if row.answer == "partly" and not row.remark] == []


def prepared_body(client, logs, name, service, operation):
    """What the operation accepts, with a table or log group of that name there when it needs one."""
    if service == "logs":
        if operation == "PutLogEvents":
            logs.create_log_group(logGroupName=name)
            logs.create_log_stream(logGroupName=name, logStreamName="stream")
        return {} if operation == "DescribeLogGroups" else {"logGroupName": name}
    if operation != "CreateTable":
        client.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **KEYS)
    return {"TableName": name}


@pytest.mark.parametrize("service,operation,path", REFUSED)
def test_refused_parameter_is_named(server, client, name, service, operation, path):
    logs = make_client(server, "logs")
    body = {**prepared_body(client, logs, name, service, operation), **ACCEPTED[operation]}
    refused = ask(server, service, operation, with_parameter(service, operation, body, path))
    assert refused.status == 400
    code, message = refused.error
    assert code == REFUSALS.get(service, "ValidationException")
    assert path.split(".")[-1] in message and "failed to satisfy constraint" not in message
    accepted = ask(server, service, operation, body)
    assert accepted.status == 200, accepted.body
    if service == "dynamodb":
        client.delete_table(TableName=name)


def test_every_line_of_the_tables_is_read():
    text = (ROOT / "docs/compatibility.md").read_text()
    of_the_api = [section for section in re.split(r"^## ", text, flags=re.MULTILINE)
                  if section.partition("\n")[0] in SECTIONS]
    lines = [line for section in of_the_api for line in section.splitlines()
             if line.startswith("| ") and not line.startswith("| operation ")]
    assert len(lines) == len(COMPATIBILITY)


def test_rows_are_read():
    rows = read_compatibility("## DynamoDB\n| A | B, C | yes | |\n| | D.E | partly | why |\n"
                              "## CloudWatch Logs\n| F | | no | |\n## Other\n| G | | no | |\n")
    assert [(r.service, r.operation, r.parameters, r.answer, r.remark) for r in rows] == [
        ("dynamodb", "A", ["B", "C"], "yes", ""), ("dynamodb", "A", ["D.E"], "partly", "why"),
        ("logs", "F", [], "no", "")]
