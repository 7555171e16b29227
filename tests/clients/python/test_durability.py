"""What was acknowledged is there after a restart and after SIGKILL."""

import threading

import pytest
from botocore.exceptions import BotoCoreError

from conftest import create_table, make_client, read_stream, stream_arn
from samples import ALL_TYPES
from server import Server


def fill(server):
    client = make_client(server)
    table = create_table(client, "kept", StreamSpecification={
        "StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    client.put_item(TableName="kept", Item=ALL_TYPES)
    for number in range(50):
        client.put_item(TableName="kept", Item={"id": {"S": "counter"}, "n": {"N": str(number)}})
    client.delete_item(TableName="kept", Key={"id": ALL_TYPES["id"]})
    return table


def state(server):
    client, streams = make_client(server), make_client(server, "dynamodbstreams")
    arn = stream_arn(client, "kept")
    return {
        "table": client.describe_table(TableName="kept")["Table"],
        "item": client.get_item(TableName="kept", Key={"id": {"S": "counter"}})["Item"],
        "deleted": client.get_item(TableName="kept", Key={"id": ALL_TYPES["id"]}).get("Item"),
        "records": read_stream(streams, arn),
        "shards": streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"],
    }


@pytest.mark.parametrize("end", [Server.stop, Server.kill], ids=["SIGTERM", "SIGKILL"])
def test_tables_items_and_streams_survive(tmp_path, end):
    with Server("--data", tmp_path / "data") as first:
        fill(first)
        before = state(first)
        end(first)
    with Server("--data", tmp_path / "data") as second:
        after = state(second)
        for volatile in ("ItemCount", "TableSizeBytes"):
            before["table"].pop(volatile), after["table"].pop(volatile)
        assert after == before
        assert len(after["records"]) == 52
        client, streams = make_client(second), make_client(second, "dynamodbstreams")
        client.put_item(TableName="kept", Item={"id": {"S": "later"}})
        records = read_stream(streams, stream_arn(client, "kept"))
        assert records[:52] == before["records"]
        numbers = [int(record["dynamodb"]["SequenceNumber"]) for record in records]
        assert len(numbers) == 53 and numbers == sorted(set(numbers))


def test_an_iterator_survives_a_restart(tmp_path):
    with Server("--data", tmp_path / "data") as first:
        fill(first)
        streams = make_client(first, "dynamodbstreams")
        arn = stream_arn(make_client(first), "kept")
        (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"],
            ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        expected = streams.get_records(ShardIterator=iterator)["Records"]
        first.stop()
    with Server("--data", tmp_path / "data") as second:
        streams = make_client(second, "dynamodbstreams")
        assert streams.get_records(ShardIterator=iterator)["Records"] == expected


def test_acknowledged_writes_survive_a_kill_under_load(tmp_path):
    acknowledged = [{} for _ in range(4)]

    def write(client, writer):
        try:
            for number in range(10**6):
                client.put_item(TableName="load", Item={
                    "id": {"S": f"{writer}-{number % 50}"}, "n": {"N": str(number)}})
                acknowledged[writer][number % 50] = number
        except (BotoCoreError, client.exceptions.ClientError):
            pass

    with Server("--data", tmp_path / "data") as first:
        client = make_client(first)
        create_table(client, "load")
        threads = [threading.Thread(target=write, args=(client, writer)) for writer in range(4)]
        for thread in threads:
            thread.start()
        threading.Event().wait(1.5)
        first.kill()
        for thread in threads:
            thread.join()
    assert sum(map(len, acknowledged)) > 40
    with Server("--data", tmp_path / "data") as second:
        client = make_client(second)
        for writer, ledger in enumerate(acknowledged):
            for slot, number in ledger.items():
                item = client.get_item(TableName="load", Key={"id": {"S": f"{writer}-{slot}"}})
                # A write whose answer was lost may be there too: the next one of that slot.
                assert int(item["Item"]["n"]["N"]) in (number, number + 50)


def test_memory_forgets(tmp_path):
    with Server("--memory", cwd=tmp_path) as first:
        fill(first)
    with Server("--memory", cwd=tmp_path) as second:
        assert make_client(second).list_tables()["TableNames"] == []
    assert list(tmp_path.iterdir()) == []
