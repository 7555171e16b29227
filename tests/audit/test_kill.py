"""With durability "commit" no acknowledged write lacks its event, whatever moment the server dies."""

import collections
import json
import random
import socket
import time

from calls import PRINCIPALS, TABLES, WRITES, Caller, create_tables, make_client
from delivered import await_records
from server import Server

ROUNDS = 8


def free_address():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def keys_of(record):
    parameters = record["requestParameters"] or {}
    keys = [parameters.get("key")] + [one.get("key") for one in parameters.get("requestItems", [])]
    return [key["pk"] for key in keys if key]


def test_every_write_that_took_effect_has_its_event(tmp_path):
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    pick = random.Random(seed)
    address = free_address()
    options = ("--data", tmp_path, "--listen", address, "--audit-durability", "commit",
               "--audit-delivery-seconds", "1")
    server = Server(*options)
    endpoint = server.endpoint
    try:
        create_tables(endpoint)
        trails = make_client("cloudtrail", endpoint)
        trails.create_trail(Name="killed", S3BucketName="killed")
        trails.put_event_selectors(TrailName="killed", EventSelectors=[{
            "IncludeManagementEvents": False, "DataResources": [
                {"Type": "AWS::DynamoDB::Table", "Values": ["arn:aws:dynamodb"]}]}])
        trails.start_logging(Name="killed")
        callers = [Caller(endpoint, principal, pick.random(), WRITES) for principal in PRINCIPALS]
        for caller in callers:
            caller.start()
        for _ in range(ROUNDS):
            time.sleep(pick.uniform(0.2, 1.5))
            server.kill()
            server = Server(*options)
        for caller in callers:
            caller.stopping.set()
        for caller in callers:
            caller.join()
        acknowledged = {call.request_id: call for caller in callers for call in caller.made}
        items = {item["pk"]["S"] for table in TABLES for page in make_client(
            "dynamodb", endpoint).get_paginator("scan").paginate(TableName=table)
            for item in page["Items"]}
        found = await_records(
            tmp_path, "killed",
            lambda records: set(acknowledged) <= {record["requestID"] for record in records})
        check(found, acknowledged, items)
        assert server.stop() == 0
    finally:
        if server.process.poll() is None:
            server.kill()


def check(records, acknowledged, items):
    times = collections.Counter(record["requestID"] for record in records)
    assert not [each for each, count in times.items() if count > 1]
    lacking = [call for request_id, call in acknowledged.items() if request_id not in times]
    assert not lacking, lacking[:5]
    for record in records:
        call = acknowledged.get(record["requestID"])
        if call:
            assert record.get("errorCode") == call.error_code, record
        assert "hidden" not in json.dumps(record)
    # Also of writes that nobody was told of. A statement's key is redacted.
    told = {key for record in records if "errorCode" not in record for key in keys_of(record)}
    by_statement = {call.keys[0] for call in acknowledged.values()
                    if call.name == "ExecuteStatement" and call.error_code is None}
    untold = items - told - by_statement
    assert len(untold) <= sum(record["eventName"] == "ExecuteStatement" for record in records) - \
        len(by_statement), untold
    assert len(acknowledged) > 50
