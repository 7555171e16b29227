"""docs/compatibility.md says of every operation and parameter what the server does with it."""

import copy

import pytest

from api_models import COMPATIBILITY, MODELS, ROOT, TARGETS, input_members, read_compatibility, sample
from wire import call

SERVICES = {operation: service for service, model in MODELS.items()
            for operation in model["operations"]}
ANSWERS = {row.operation: "yes" if row.parameters else row.answer for row in reversed(COMPATIBILITY)}
REFUSED = [(row.operation, path) for row in COMPATIBILITY if row.answer == "no"
           for path in row.parameters]

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
}


def parameters_of(operation):
    return [name for row in COMPATIBILITY if row.operation == operation for name in row.parameters]


def ask(server, operation, body):
    return call(server, operation, body, service=TARGETS[SERVICES[operation]])


def with_parameter(operation, body, path):
    """`body` with a value at `path`; what leads there is made of what its shapes require."""
    service = SERVICES[operation]
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
    named = {row.operation for row in COMPATIBILITY}
    assert named == set(SERVICES)


@pytest.mark.parametrize("operation", sorted(SERVICES))
def test_operation_is_answered_as_the_table_says(server, operation):
    answer = ask(server, operation, {})
    unknown = answer.status == 400 and "UnknownOperationException" in answer.json["__type"]
    assert unknown == (ANSWERS.get(operation) == "no")


@pytest.mark.parametrize("operation", sorted(o for o in SERVICES if ANSWERS.get(o) in ("yes", "partly")))
def test_every_parameter_has_one_row(operation):
    outermost = [name for name in parameters_of(operation) if "." not in name]
    assert sorted(outermost) == sorted(input_members(SERVICES[operation], operation))


def test_what_is_partly_done_has_a_remark():
    assert [row.operation for row in COMPATIBILITY if row.answer == "partly" and not row.remark] == []


@pytest.mark.parametrize("operation,path", REFUSED)
def test_refused_parameter_is_named(server, client, name, operation, path):
    if operation != "CreateTable":
        client.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **KEYS)
    body = {"TableName": name, **ACCEPTED[operation]}
    refused = ask(server, operation, with_parameter(operation, body, path))
    assert refused.status == 400
    code, message = refused.error
    assert code == "ValidationException"
    assert path.split(".")[-1] in message and "failed to satisfy constraint" not in message
    accepted = ask(server, operation, body)
    assert accepted.status == 200, accepted.body
    client.delete_table(TableName=name)


def test_every_line_of_the_tables_is_read():
    text = (ROOT / "docs/compatibility.md").read_text()
    of_the_api, _, _ = text.partition("## The public suite")
    lines = [line for line in of_the_api.splitlines()
             if line.startswith("| ") and not line.startswith("| operation ")]
    assert len(lines) == len(COMPATIBILITY)


def test_rows_are_read():
    rows = read_compatibility("| A | B, C | yes | |\n| | D.E | partly | why |\n| F | | no | |\n")
    assert [(r.operation, r.parameters, r.answer, r.remark) for r in rows] == [
        ("A", ["B", "C"], "yes", ""), ("A", ["D.E"], "partly", "why"), ("F", [], "no", "")]
