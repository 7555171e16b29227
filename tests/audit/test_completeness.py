"""Of every call that a trail's selectors cover the trail has exactly one event, and of no other."""

import collections
import json

import pytest
from calls import PRINCIPALS, READS, TABLES, WRITES, Caller, create_tables, make_client
from delivered import await_records
from server import Server

CALLS_PER_PRINCIPAL = 150
ACCOUNT = "000000000000"


def arn(table):
    return f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/{table}"


def basic(read_write, *values):
    return {"EventSelectors": [{
        "ReadWriteType": read_write, "IncludeManagementEvents": False,
        "DataResources": [{"Type": "AWS::DynamoDB::Table", "Values": list(values)}]}]}


def advanced(*fields):
    return {"AdvancedEventSelectors": [{"FieldSelectors": [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::DynamoDB::Table"]}, *fields]}]}


SELECTORS = {
    "all": (basic("All", "arn:aws:dynamodb"), lambda call: True),
    "one-table": (basic("All", arn(TABLES[0])), lambda call: TABLES[0] in call.tables),
    "reads": (basic("ReadOnly", "arn:aws:dynamodb"), lambda call: call.read_only),
    "writes": (basic("WriteOnly", arn(TABLES[1])),
               lambda call: not call.read_only and TABLES[1] in call.tables),
    "puts-and-scans": (advanced({"Field": "eventName", "Equals": ["PutItem", "Scan"]}),
                       lambda call: call.name in ("PutItem", "Scan")),
    "not-queries": (advanced({"Field": "eventName", "NotEquals": ["Query"],
                              "NotStartsWith": ["Batch"]}),
                    lambda call: call.name != "Query" and not call.name.startswith("Batch")),
    "writes-by-arn": (advanced({"Field": "readOnly", "Equals": ["false"]},
                               {"Field": "resources.ARN", "EndsWith": ["/" + TABLES[0]]}),
                      lambda call: not call.read_only and TABLES[0] in call.tables),
}


@pytest.mark.parametrize("durability", ["async", "commit"])
def test_one_event_for_every_call_that_is_covered(tmp_path, durability):
    with Server("--data", tmp_path, "--audit-delivery-seconds", "1",
                "--audit-durability", durability) as server:
        create_tables(server.endpoint)
        trails = make_client("cloudtrail", server.endpoint)
        # A server has five trails.
        chosen = dict(list(SELECTORS.items())[:5] if durability == "async"
                      else list(SELECTORS.items())[-5:])
        for name, (selectors, _) in chosen.items():
            trails.create_trail(Name=name, S3BucketName=f"bucket-{name}")
            trails.put_event_selectors(TrailName=name, **selectors)
            trails.start_logging(Name=name)
        callers = [Caller(server.endpoint, principal, seed, (*WRITES, *READS), CALLS_PER_PRINCIPAL)
                   for seed, principal in enumerate(PRINCIPALS)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        made = {call.request_id: call for caller in callers for call in caller.made}
        assert len(made) == CALLS_PER_PRINCIPAL * len(PRINCIPALS)
        assert {call.error_code for call in made.values()} >= {
            None, "ConditionalCheckFailedException", "ValidationException",
            "ResourceNotFoundException", "TransactionCanceledException"}
        for name, (_, covers) in chosen.items():
            expected = {call.request_id for call in made.values() if covers(call)}
            found = await_records(tmp_path, f"bucket-{name}",
                                  lambda records, wanted=len(expected): len(records) >= wanted)
            check(name, found, expected, made)


def check(trail, records, expected, made):
    times = collections.Counter(record["requestID"] for record in records)
    assert not [each for each, count in times.items() if count > 1], trail
    assert set(times) - expected == set(), trail
    assert expected - set(times) == set(), trail
    for record in records:
        call = made[record["requestID"]]
        assert record["eventName"] == call.name
        assert record["userIdentity"]["accessKeyId"] == call.principal
        assert record.get("errorCode") == call.error_code
        assert record["readOnly"] is call.read_only
        assert {resource["ARN"] for resource in record["resources"]} == set(map(arn, call.tables))
        assert "hidden" not in json.dumps(record)
    assert len({record["eventID"] for record in records}) == len(records)
