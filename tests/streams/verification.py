"""What must hold of all that was written and read, when no one writes any more."""

import time

from comparable import comparable_item
from followed import check_old
from history import Change, ItemHistory, check_records
from items import BY_GROUP, BY_VERSION, COUNTER, GROUPS, NAME, identity, key_of
from lineage import children_of, parents_first
from replay import Replay
from streams import describe_stream, list_streams, read_shard

SERVICE = {"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"}
LATE_SECONDS_MAX = 5  # that a record may outlast its time


def verify_agreement(followers):
    """All followers have read the same."""
    first, *others = followers
    for other in others:
        assert first.streams.keys() == other.streams.keys(), (
            f"streams {sorted(first.streams)} and {sorted(other.streams)}")
        for arn, stream in first.streams.items():
            theirs = other.streams[arn].shards
            assert stream.shards.keys() == theirs.keys(), (
                f"shards {sorted(stream.shards)} and {sorted(theirs)} of {arn}")
            for shard_id, shard in stream.shards.items():
                assert shard.records == theirs[shard_id].records, (
                    f"{first.name} and {other.name} have read {shard_id} differently: "
                    f"{shard.records}\nand {theirs[shard_id].records}")


def records_by_item(stream):
    """Each item's records in the order of the lineage, which leaves no choice."""
    places = {}  # of an item: shards in which it has records, in order
    records = {}
    for shard in parents_first([shard.description for shard in stream.shards.values()]):
        for record in stream.shards[shard["ShardId"]].records:
            item = identity(record["dynamodb"]["Keys"])
            shards = places.setdefault(item, [shard["ShardId"]])
            if shards[-1] != shard["ShardId"]:
                shards.append(shard["ShardId"])
            records.setdefault(item, []).append(record)
    for item, shards in places.items():
        path = stream.path(shards[-1])
        assert [shard_id for shard_id in path if shard_id in shards] == shards, (
            f"{item} is in {shards}, which are not each other's ancestors: {path}")
    return records


def images(records):
    """(old, new) of records that follow each other."""
    found = [tuple(comparable_item(record["dynamodb"].get(name))
                   for name in ("OldImage", "NewImage")) for record in records]
    first = records[0]["dynamodb"]
    before = {identity(first["Keys"]): found[0][0]} if found[0][0] else {}
    Replay(before).apply_all(records)
    numbers = [int(record["dynamodb"]["SequenceNumber"]) for record in records]
    assert numbers == sorted(set(numbers)), f"numbers fall: {records}"
    return found


def verify_stream(life, stream, writers):
    """The stream's records are the changes, each once and in the order of its item."""
    event_ids = [record["eventID"] for record in stream.records]
    assert len(set(event_ids)) == len(event_ids), f"{life.arn}: an eventID comes twice"
    by_item = records_by_item(stream)
    counter = by_item.pop(identity(COUNTER), [])
    verify_counts(counter)
    for writer in writers:
        for history in writer.histories:
            records = by_item.pop(identity(history.key), [])
            assert not any("userIdentity" in record for record in records), records
            check_records(life, history, images(records) if records else [])
        for put in writer.expiring:
            verify_expired(life, put, by_item.pop(identity(put.after), []))
    for item, records in by_item.items():
        assert "expiring" in item, f"nobody wrote {item}: {records}"
        verify_expired(life, None, records)


def verify_counts(records):
    if records:
        counts = [int(new["added"]["N"]) for _, new in images(records)]
        expected = list(range(counts[0], counts[0] + len(counts)))
        assert counts == expected, f"the counter went {counts}"


def verify_expired(life, put, records):
    """`put` is None where its answer was lost."""
    for record in records:
        identity_expected = SERVICE if record["eventName"] == "REMOVE" else None
        assert record.get("userIdentity") == identity_expected, record
    found = images(records) if records else []
    if put is None:
        assert len(found) <= 2, records
        return
    history = ItemHistory(key_of(put.after))
    removal = Change(put.begin, float("inf"), put.after, None)
    history.changes = [put, removal]
    check_records(life, history, found)


def verify_nothing_old(connection, retention_seconds):
    """Records that are too old are gone."""
    for arn in list_streams(connection, NAME):
        for shard in describe_stream(connection, arn)["Shards"]:
            start = {"StreamArn": arn, "ShardId": shard["ShardId"],
                     "ShardIteratorType": "TRIM_HORIZON"}
            iterator = connection.ok("GetShardIterator", start)["ShardIterator"]
            page = connection.ok("GetRecords", {"ShardIterator": iterator, "Limit": 1})
            for record in page["Records"]:
                age = time.time() - record["dynamodb"]["ApproximateCreationDateTime"]
                assert age < retention_seconds + LATE_SECONDS_MAX, f"{age:.1f} s old: {record}"


def verify_remaining(connection, stream, retention_seconds):
    """What a reader that begins now sees is what the followers saw, without what is old."""
    count = 0
    shards = describe_stream(connection, stream.arn)["Shards"]
    for shard in shards:
        followed = stream.shards[shard["ShardId"]]
        records = read_shard(connection, stream.arn, shard, limit=333)
        trimmed = len(followed.records) - len(records)
        assert records == followed.records[trimmed:], (
            f"{shard} holds {records}, but followers saw {followed.records}")
        check_old(followed.records[:trimmed], retention_seconds, f"records of {shard} went")
        count += len(records)
    return count


def verify_descriptions(connection, arn):
    """Pages of any size, and the filter, agree with the whole."""
    whole = describe_stream(connection, arn)["Shards"]
    for limit in (1, 2, 7):
        assert describe_stream(connection, arn, limit)["Shards"] == whole
    for shard in whole:
        request = {"StreamArn": arn, "ShardFilter": {
            "Type": "CHILD_SHARDS", "ShardId": shard["ShardId"]}}
        children = connection.ok("DescribeStream", request)["StreamDescription"]["Shards"]
        assert children == children_of(whole, shard["ShardId"]), f"{shard}: {children}"


def verify_listing(connection, followers):
    listed = list_streams(connection, NAME)
    known = [stream.arn for stream in followers[0].streams.values() if not stream.gone]
    assert sorted(listed) == sorted(known), f"{listed} are listed, but there were {known}"


def read_all(connection, operation, request, random):
    """All items of a Query or Scan, in pages."""
    items = []
    request = {"TableName": NAME, "ConsistentRead": "by-group" != request.get("IndexName"),
               "Limit": random.choice((3, 50)), **request}
    while True:
        page = connection.ok(operation, request)
        items += map(comparable_item, page["Items"])
        if "LastEvaluatedKey" not in page:
            return items
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def by_identity(items):
    found = {identity(item): item for item in items}
    assert len(found) == len(items), f"an item comes twice: {items}"
    return found


def verify_table(connection, writers, random):
    """The table and its indexes hold what the writers left; how often was counted."""
    expected = {identity(history.key): history.item for writer in writers
                for history in writer.histories if history.item}
    found = by_identity(read_all(connection, "Scan", {}, random))
    counter = found.pop(identity(COUNTER))
    for writer in writers:
        assert int(counter.get(writer.name, {"N": "0"})["N"]) == writer.counted, counter
    assert int(counter["added"]["N"]) == sum(writer.counted for writer in writers), counter
    assert found == expected, f"the table holds {found}, but {expected} was written"
    segments = [read_all(connection, "Scan", {"Segment": segment, "TotalSegments": 5}, random)
                for segment in range(5)]
    assert len(by_identity(sum(segments, []))) == len(expected) + 1
    verify_indexes(connection, expected, random)


def verify_indexes(connection, expected, random):
    for group in GROUPS:
        found = read_all(connection, "Query", {
            "IndexName": BY_GROUP, "KeyConditionExpression": "#group = :group",
            "ExpressionAttributeNames": {"#group": "group"},
            "ExpressionAttributeValues": {":group": {"S": group}}}, random)
        wanted = {key: item for key, item in expected.items() if item.get("group") == {"S": group}}
        assert by_identity(found) == wanted, f"group {group}: {found}, not {wanted}"
    for partition in {item["pk"]["S"] for item in expected.values()}:
        wanted = sorted((item for item in expected.values() if item["pk"]["S"] == partition),
                        key=lambda item: int(item["version"]["N"]))
        found = read_all(connection, "Query", {
            "IndexName": BY_VERSION, "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": partition}}}, random)
        assert found == wanted, f"{partition} by version: {found}, not {wanted}"
