"""Streams read whole, from TRIM_HORIZON through every shard, with what must hold of any stream."""


def describe_stream(connection, arn):
    """The description with the shards of all its pages."""
    request = {"StreamArn": arn, "Limit": 100}
    shards = []
    while True:
        description = connection.ok("DescribeStream", request)["StreamDescription"]
        shards += description["Shards"]
        last = description.get("LastEvaluatedShardId")
        if last is None:
            return {**description, "Shards": shards}
        request["ExclusiveStartShardId"] = last


def parents_first(shards):
    """Shards in an order in which none comes before its parent."""
    rest = {shard["ShardId"]: shard for shard in shards}
    ordered = []
    while rest:
        free = [s for s in rest.values() if s.get("ParentShardId") not in rest]
        assert free, f"shards are each other's parents: {sorted(rest)}"
        ordered += sorted(free, key=lambda shard: shard["ShardId"])
        for shard in free:
            del rest[shard["ShardId"]]
    return ordered


def read_shard(connection, arn, shard, limit=1000):
    """All records of a shard; of an open one, those there are by now."""
    request = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
    iterator = connection.ok("GetShardIterator", request)["ShardIterator"]
    closed = "EndingSequenceNumber" in shard["SequenceNumberRange"]
    records = []
    empty_pages = 0
    while iterator and (closed or empty_pages < 2):
        page = connection.ok("GetRecords", {"ShardIterator": iterator, "Limit": limit})
        records += page["Records"]
        empty_pages = 0 if page["Records"] else empty_pages + 1
        assert empty_pages < 1000, f"{shard['ShardId']} does not end"
        iterator = page.get("NextShardIterator")
        assert iterator or closed, f"the open shard {shard['ShardId']} gives no next iterator"
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
    """All records, those of a shard after those of its parent."""
    description = describe_stream(connection, arn)
    if description["StreamStatus"] == "DISABLED":
        for shard in description["Shards"]:
            assert "EndingSequenceNumber" in shard["SequenceNumberRange"], f"open in {arn}: {shard}"
    records = []
    for shard in parents_first(description["Shards"]):
        records += read_shard(connection, arn, shard, limit)
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
