"""Compares all that a server holds with the reference: items, counts, and every stream."""

from comparable import comparable_item
from replay import Replay, identity
from streams import list_streams, read_stream
from tables import describe_table
from values import item_size


def verify(connection, tables, record_limit):
    """The number of records that were compared."""
    compared = 0
    for table in tables:
        verify_items(connection, table)
        verify_scan(connection, table)
        arns = list_streams(connection, table.name)
        assert sorted(arns) == sorted(stream.arn for stream in table.streams), f"streams: {arns}"
        for stream in table.streams:
            records = read_stream(connection, stream.arn, record_limit)
            verify_records(stream, records)
            compared += len(records)
    return compared


def verify_items(connection, table):
    for item in table.items.values():
        key = table.key_of(item)
        answer = connection.ok("GetItem", {"TableName": table.name, "Key": key})
        received = comparable_item(answer.get("Item"))
        assert received == item, f"{table.name}: expected {item}, but there is {received}"
    description = describe_table(connection, table.name)
    assert description["ItemCount"] == len(table.items), f"ItemCount of {description}"
    size = sum(map(item_size, table.items.values()))
    assert description["TableSizeBytes"] == size, f"expected TableSizeBytes {size}: {description}"


def verify_scan(connection, table):
    """Scans in segments and pages see every item once."""
    segments = 1 + len(table.items) % 3
    seen = {}
    for segment in range(segments):
        request = {"TableName": table.name, "Limit": 7, "Segment": segment,
                   "TotalSegments": segments}
        while True:
            answer = connection.ok("Scan", request)
            for item in map(comparable_item, answer["Items"]):
                key = identity(table.key_of(item))
                assert key not in seen, f"{table.name}: scanned twice: {key}"
                seen[key] = item
            if "LastEvaluatedKey" not in answer:
                break
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
    expected = {identity(table.key_of(item)): item for item in table.items.values()}
    assert seen == expected, f"{table.name}: scanned {len(seen)} of {len(expected)} items"


def shape_of(record):
    """What the reference says of a record."""
    change = record["dynamodb"]
    shape = {"eventName": record["eventName"], "StreamViewType": change["StreamViewType"],
             "SizeBytes": change["SizeBytes"]}
    for image in ("Keys", "NewImage", "OldImage"):
        if image in change:
            shape[image] = comparable_item(change[image])
    return shape


def by_key(shapes):
    """Order is laid down only among the records of a key."""
    groups = {}
    for shape in shapes:
        groups.setdefault(identity(shape["Keys"]), []).append(shape)
    return groups


def verify_records(stream, records):
    expected, received = by_key(stream.records), by_key(map(shape_of, records))
    for key in {**expected, **received}:
        pairs = zip(expected.get(key, []), received.get(key, []))
        for index, (one, other) in enumerate(pairs):
            assert one == other, (f"{stream.arn}: record {index} of {key}:\n"
                                  f"expected {one}\nreceived {other}")
        counts = len(expected.get(key, [])), len(received.get(key, []))
        assert counts[0] == counts[1], f"{stream.arn}: {key}: records expected, received {counts}"
    for record in records:
        constants = (record["eventVersion"], record["eventSource"], record["awsRegion"])
        assert constants == ("1.1", "aws:dynamodb", "us-east-1"), record


def verify_replay(connection, table, items_at_start):
    """Replaying the stream that is enabled over the items it began with gives the items."""
    if table.stream and table.stream.view_type == "NEW_AND_OLD_IMAGES":
        records = read_stream(connection, table.stream.arn)
        replayed = Replay(items_at_start).apply_all(records).items
        assert replayed == table.items, f"replay of {table.stream.arn} does not give the items"
