"""What else is under way with a table while its partitions split: backfills, expiry, pages, ends."""

import random
import threading
import time

import pytest

from conftest import create_table, make_client, wait_until_active
from server import Server
from shards import create_streamed, put, split

COUNT = 3000
GROUPS = 7


def item_of(number, version=0):
    return {"id": {"S": str(number)}, "group": {"S": f"group {(number + version) % GROUPS}"},
            "version": {"N": str(version)}}


def fill(client, name, count=COUNT):
    for first in range(0, count, 25):
        client.batch_write_item(RequestItems={name: [
            {"PutRequest": {"Item": item_of(number)}} for number in range(first, first + 25)]})


def all_items(client, name, **options):
    pages = client.get_paginator("scan").paginate(TableName=name, **options)
    return {item["id"]["S"]: item for page in pages for item in page["Items"]}


def add_index(client, name):
    client.update_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"},
                              {"AttributeName": "group", "AttributeType": "S"}],
        GlobalSecondaryIndexUpdates=[{"Create": {
            "IndexName": "by-group", "Projection": {"ProjectionType": "ALL"},
            "KeySchema": [{"AttributeName": "group", "KeyType": "HASH"}]}}])


def wait_for_index(client, name, seconds_max=60):
    deadline = time.monotonic() + seconds_max
    while time.monotonic() < deadline:
        (index,) = wait_until_active(client, name)["GlobalSecondaryIndexes"]
        if index["IndexStatus"] == "ACTIVE":
            return
        time.sleep(0.05)
    raise AssertionError(f"the index stays {index}")


class Writing:
    """Changes random items until the block ends."""

    def __init__(self, client, name):
        self.client, self.name = client, name
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.failure = None

    def run(self):
        chance = random.Random(1)
        version = 0
        try:
            while not self.over.is_set():
                version += 1
                number = chance.randrange(COUNT)
                if chance.random() < 0.2:
                    self.client.delete_item(TableName=self.name, Key={"id": {"S": str(number)}})
                else:
                    self.client.put_item(TableName=self.name, Item=item_of(number, version))
        except Exception as error:  # told by __exit__
            self.failure = error

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        assert self.failure is None, self.failure


def test_an_index_is_filled_while_partitions_split(server, client, name):
    create_table(client, name)
    fill(client, name)
    with Writing(client, name):
        add_index(client, name)
        for _ in range(4):
            split(server, name)
        wait_for_index(client, name)
    items = all_items(client, name)
    assert all_items(client, name, IndexName="by-group") == items
    assert client.describe_table(TableName=name)["Table"]["ItemCount"] == len(items)


@pytest.mark.parametrize("end", [Server.stop, Server.kill], ids=["SIGTERM", "SIGKILL"])
def test_an_index_is_filled_after_a_restart_between_splits(name, tmp_path, end):
    with Server("--data", tmp_path / "data") as server:
        client = make_client(server)
        create_table(client, name)
        fill(client, name)
        split(server, name)
        add_index(client, name)
        split(server, name)
        end(server)
    with Server("--data", tmp_path / "data") as server:
        client = make_client(server)
        assert split(server, name)["PartitionCount"] == 8
        wait_for_index(client, name)
        items = all_items(client, name)
        assert len(items) == COUNT and all_items(client, name, IndexName="by-group") == items


def test_items_expire_while_partitions_split(server, client, streams, name):
    arn = create_streamed(client, name)
    past = {"N": str(int(time.time()) - 100)}
    for first in range(0, 500, 25):
        client.batch_write_item(RequestItems={name: [
            {"PutRequest": {"Item": {"id": {"S": str(number)}, "until": past}}}
            for number in range(first, first + 25)]})
    put(client, name, *range(500, 520))
    client.update_time_to_live(TableName=name, TimeToLiveSpecification={
        "AttributeName": "until", "Enabled": True})
    for _ in range(4):
        split(server, name)
    deadline = time.monotonic() + 30
    while len(found := all_items(client, name)) > 20:
        assert time.monotonic() < deadline, f"{len(found)} items stay"
        time.sleep(0.1)
    assert found.keys() == {str(number) for number in range(500, 520)}
    assert streams.describe_stream(StreamArn=arn)["StreamDescription"]["StreamStatus"] == "ENABLED"


def test_pages_go_on_across_a_split(server, client, name):
    create_table(client, name)
    fill(client, name, 200)
    found, options = [], {}
    while True:
        page = client.scan(TableName=name, Limit=30, **options)
        found += [item["id"]["S"] for item in page["Items"]]
        if "LastEvaluatedKey" not in page:
            break
        options = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
        if len(found) < 180:
            split(server, name)
    assert sorted(found, key=int) == [str(number) for number in range(200)]


def test_a_table_is_deleted_while_it_splits(server, client, streams, name):
    """And made again: nothing of the first one shows."""
    for _ in range(5):
        arn = create_streamed(client, name)
        put(client, name, *range(10))
        refusals = []

        def split_on():
            try:
                for _ in range(6):
                    split(server, name)
            except AssertionError as refusal:
                refusals.append(str(refusal))

        thread = threading.Thread(target=split_on)
        thread.start()
        client.delete_table(TableName=name)
        thread.join()
        assert all("ResourceNotFoundException" in refusal or "ResourceInUseException" in refusal
                   for refusal in refusals), refusals
        client.get_waiter("table_not_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
        described = streams.describe_stream(StreamArn=arn)["StreamDescription"]
        assert described["StreamStatus"] == "DISABLED"
        assert all("EndingSequenceNumber" in shard["SequenceNumberRange"]
                   for shard in described["Shards"])
    create_table(client, name)
    assert client.scan(TableName=name)["Items"] == []
