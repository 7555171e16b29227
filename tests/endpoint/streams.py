"""Streams read whole, from TRIM_HORIZON through every shard, with what must hold of any stream."""

from lineage import check_lineage, is_closed, parents_first


def describe_stream(connection, arn, limit=100):
    """The description with the shards of all its pages, which are checked."""
    request = {"StreamArn": arn, "Limit": limit}
    shards = []
    statuses = []
    while True:
        description = connection.ok("DescribeStream", request)["StreamDescription"]
        shards += description["Shards"]
        statuses.append(description["StreamStatus"])
        assert len(description["Shards"]) <= limit, f"more than {limit} shards: {description}"
        last = description.get("LastEvaluatedShardId")
        if last is None:
            break
        request["ExclusiveStartShardId"] = last
    # It may change between two pages.
    check_lineage(shards, enabled=statuses[0] == "ENABLED", snapshot=len(statuses) == 1)
    return {**description, "Shards": shards}


def shard_iterator(connection, arn, shard_id, kind="TRIM_HORIZON", number=None):
    request = {"StreamArn": arn, "ShardId": shard_id, "ShardIteratorType": kind}
    if number is not None:
        request["SequenceNumber"] = number
    return connection.ok("GetShardIterator", request)["ShardIterator"]


def read_shard(connection, arn, shard, limit=1000):
    """All records of a shard; of an open one, those there are by now."""
    iterator = shard_iterator(connection, arn, shard["ShardId"])
    records = []
    empty_pages = 0
    while iterator and (is_closed(shard) or empty_pages < 2):
        page = connection.ok("GetRecords", {"ShardIterator": iterator, "Limit": limit})
        records += page["Records"]
        empty_pages = 0 if page["Records"] else empty_pages + 1
        assert empty_pages < 1000, f"{shard['ShardId']} does not end"
        iterator = page.get("NextShardIterator")
    check_sequence_numbers(shard, records)
    return records


def check_sequence_numbers(shard, records):
    bounds = shard["SequenceNumberRange"]
    numbers = [int(record["dynamodb"]["SequenceNumber"]) for record in records]
    for before, after in zip(numbers, numbers[1:]):
        assert before < after, f"{shard['ShardId']}: sequence number {after} follows {before}"
    if numbers:
        first, last = int(bounds["StartingSequenceNumber"]), bounds.get("EndingSequenceNumber")
        assert first <= numbers[0], f"{shard['ShardId']}: {numbers[0]} is before {bounds}"
        assert last is None or numbers[-1] <= int(last), f"{numbers[-1]} is after {bounds}"


def read_stream(connection, arn, limit=1000):
    """All records, those of a shard after those of its parent. Shards may roll over meanwhile."""
    records = []
    read = set()
    while True:
        shards = describe_stream(connection, arn)["Shards"]
        unread = [shard for shard in parents_first(shards) if shard["ShardId"] not in read]
        if not unread:
            break
        for shard in unread:
            records += read_shard(connection, arn, shard, limit)
            read.add(shard["ShardId"])
    identities = {record["eventID"] for record in records}
    assert len(identities) == len(records), f"{arn}: an eventID comes twice"
    return records


def list_streams(connection, name):
    """ARNs of all the streams of a table name."""
    request = {"TableName": name, "Limit": 3}
    arns = []
    while True:
        page = connection.ok("ListStreams", request)
        arns += [stream["StreamArn"] for stream in page["Streams"]]
        if "LastEvaluatedStreamArn" not in page:
            return arns
        request["ExclusiveStartStreamArn"] = page["LastEvaluatedStreamArn"]
