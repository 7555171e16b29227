"""Tables made, changed and deleted, each until the server says that it is done."""

import time

from connection import error_of

SECONDS_MAX = 20
# Of a table whose stream is kept longer than the server keeps others.
KEPT_LONG = {"Tags": [{"Key": "millrace:stream-retention-hours", "Value": "1"}]}


def describe_table(connection, name):
    """The table, or None where there is none."""
    status, answer = connection.call("DescribeTable", {"TableName": name})
    if status == 200:
        return answer["Table"]
    assert error_of(answer)[0] == "ResourceNotFoundException", answer
    return None


def settle_table(connection, name):
    """The table once nothing is under way with it; None where there is none."""
    deadline = time.monotonic() + SECONDS_MAX
    while time.monotonic() < deadline:
        table = describe_table(connection, name)
        if table is None or table["TableStatus"] == "ACTIVE":
            return table
        time.sleep(0.01)
    raise AssertionError(f"table {name} stays {table['TableStatus']}")


def stream_specification(view_type):
    if view_type is None:
        return {"StreamEnabled": False}
    return {"StreamEnabled": True, "StreamViewType": view_type}


def create_request(name, keys, view_type=None, **more):
    """`keys`: (name, type) of the partition key and perhaps of the sort key."""
    request = {
        "TableName": name, "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": key, "AttributeType": kind}
                                 for key, kind in keys],
        "KeySchema": [{"AttributeName": key, "KeyType": kind}
                      for (key, _), kind in zip(keys, ("HASH", "RANGE"))],
    }
    if view_type:
        request["StreamSpecification"] = stream_specification(view_type)
    return {**request, **more}


def create_table(connection, name, keys, view_type=None, **more):
    connection.ok("CreateTable", create_request(name, keys, view_type, **more))
    return settle_table(connection, name)


def stream_request(name, view_type):
    """Disables the stream where `view_type` is None."""
    return {"TableName": name, "StreamSpecification": stream_specification(view_type)}


def set_stream(connection, name, view_type):
    connection.ok("UpdateTable", stream_request(name, view_type))
    return settle_table(connection, name)


def delete_table(connection, name):
    connection.ok("DeleteTable", {"TableName": name})
    assert settle_table(connection, name) is None, f"table {name} is there after its deletion"
