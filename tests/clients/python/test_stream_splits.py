"""Partitions that split by themselves, for their size and for the rate of writes."""

import threading
import time

from conftest import create_table, make_client, stream_arn
from server import Server
from shards import STREAMED, ids, is_closed, iterator, read, shards_of

ITEM_BYTES = 1000


def wait_for(condition, seconds_max=30):
    deadline = time.monotonic() + seconds_max
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.1)
    return found


def create(server, name, keys="id:S"):
    client, streams = make_client(server), make_client(server, "dynamodbstreams")
    create_table(client, name, keys, StreamSpecification=STREAMED)
    return client, streams, stream_arn(client, name)


def put_all(client, name, items):
    for first in range(0, len(items), 25):
        client.batch_write_item(RequestItems={name: [
            {"PutRequest": {"Item": item}} for item in items[first:first + 25]]})


def open_shards(streams, arn):
    return [shard for shard in shards_of(streams, arn) if not is_closed(shard)]


def settled_shards(streams, arn):
    """How many open shards there are when their number stays."""
    count, since = 0, time.monotonic()
    while time.monotonic() - since < 3:
        found = len(open_shards(streams, arn))
        if found != count:
            count, since = found, time.monotonic()
        time.sleep(0.1)
    return count


def test_a_partition_that_has_grown_splits(name):
    with Server("--memory", "--streams-split-size-bytes", 50 * ITEM_BYTES) as server:
        client, streams, arn = create(server, name)
        items = [{"id": {"S": f"{number:04}"}, "data": {"S": "x" * ITEM_BYTES}}
                 for number in range(130)]
        put_all(client, name, items[:30])
        assert settled_shards(streams, arn) == 1
        put_all(client, name, items[30:])
        wait_for(lambda: len(open_shards(streams, arn)) > 2)
        count = settled_shards(streams, arn)
        assert 3 <= count <= 12, "splits more than its size asks for"
        found = [identity for shard in shards_of(streams, arn)
                 for identity in ids(read(streams, iterator(streams, arn, shard))[0])]
        assert sorted(found) == [item["id"]["S"] for item in items]
        scanned = client.scan(TableName=name)["Items"]
        assert sorted(scanned, key=lambda item: item["id"]["S"]) == items
        assert client.describe_table(TableName=name)["Table"]["ItemCount"] == len(items)


def test_what_no_split_makes_smaller_is_not_split_for_ever(name):
    """All items of one partition key stay together."""
    with Server("--memory", "--streams-split-size-bytes", 20 * ITEM_BYTES) as server:
        client, streams, arn = create(server, name, "id:S sort:N")
        items = [{"id": {"S": "hot"}, "sort": {"N": str(number)}, "data": {"S": "x" * ITEM_BYTES}}
                 for number in range(60)]
        put_all(client, name, items)
        time.sleep(8)
        count = len(open_shards(streams, arn))
        assert count <= 4, f"{count} open shards for one partition key"
        found = client.query(TableName=name, KeyConditionExpression="id = :id",
                             ExpressionAttributeValues={":id": {"S": "hot"}})["Items"]
        assert found == items


def test_a_partition_that_is_written_fast_splits(name):
    with Server("--memory", "--streams-split-writes-per-second", "30") as server:
        client, streams, arn = create(server, name)
        over = threading.Event()
        written = []

        def write():
            while not over.wait(0.005):
                client.put_item(TableName=name, Item={"id": {"S": str(len(written))}})
                written.append(str(len(written)))

        thread = threading.Thread(target=write, daemon=True)
        thread.start()
        try:
            wait_for(lambda: len(open_shards(streams, arn)) >= 2)
        finally:
            over.set()
            thread.join()
        found = [identity for shard in shards_of(streams, arn)
                 for identity in ids(read(streams, iterator(streams, arn, shard))[0])]
        assert sorted(found) == sorted(written)
