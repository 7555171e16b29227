"""GetRecords that waits for records: the request header x-millrace-wait-ms."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from conftest import create_table, make_client, refused, stream_arn, wait_until_active
from server import Server

STREAMED = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
LONG = 15_000


def waiting_client(server, milliseconds, **options):
    """A client of Streams whose GetRecords waits."""
    client = make_client(server, "dynamodbstreams", **options)

    def add_header(request, **_):
        request.headers["x-millrace-wait-ms"] = str(milliseconds)

    client.meta.events.register("before-sign.dynamodb-streams.GetRecords", add_header)
    return client


def streamed_table(server, name):
    client = make_client(server)
    create_table(client, name, StreamSpecification=STREAMED)
    return client, stream_arn(client, name)


def iterator(streams, arn, kind="LATEST"):
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    return streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"],
                                      ShardIteratorType=kind)["ShardIterator"]


def put(client, table, value):
    client.put_item(TableName=table, Item={"id": {"S": str(value)}})


def ids(page):
    return [record["dynamodb"]["Keys"]["id"]["S"] for record in page["Records"]]


class Reading:
    """A GetRecords in a thread of its own; how long it took."""

    def __init__(self, streams, start):
        self.page = self.seconds = None
        self.thread = threading.Thread(target=self._read, args=(streams, start))
        self.thread.start()

    def _read(self, streams, start):
        begun = time.monotonic()
        self.page = streams.get_records(ShardIterator=start)
        self.seconds = time.monotonic() - begun

    def join(self):
        self.thread.join(30)
        assert self.page is not None
        return self.page


def test_a_record_ends_the_wait(server, name):
    client, arn = streamed_table(server, name)
    streams = waiting_client(server, LONG)
    reading = Reading(streams, iterator(streams, arn))
    time.sleep(0.3)
    put(client, name, "a")
    assert ids(reading.join()) == ["a"]
    assert 0.25 < reading.seconds < 5
    assert ids(streams.get_records(ShardIterator=iterator(streams, arn, "TRIM_HORIZON"))) == ["a"]


def test_the_time_ends_the_wait(server, name):
    _, arn = streamed_table(server, name)
    streams = waiting_client(server, 400)
    reading = Reading(streams, iterator(streams, arn))
    page = reading.join()
    assert page["Records"] == [] and page["NextShardIterator"]
    assert 0.4 <= reading.seconds < 5


@pytest.mark.parametrize("milliseconds", [0, 20_000])
def test_bounds_of_the_header(server, name, milliseconds):
    client, arn = streamed_table(server, name)
    put(client, name, "a")
    streams = waiting_client(server, milliseconds)
    assert ids(streams.get_records(ShardIterator=iterator(streams, arn, "TRIM_HORIZON"))) == ["a"]


@pytest.mark.parametrize("value", ["-1", "20001", "1.5", "1s", "soon", "0x10",
                                   "99999999999999999999"])
def test_bad_values_of_the_header(server, name, value):
    _, arn = streamed_table(server, name)
    streams = waiting_client(server, value)
    with refused("ValidationException"):
        streams.get_records(ShardIterator=iterator(streams, arn))


def test_disabling_the_stream_ends_the_wait(server, name):
    client, arn = streamed_table(server, name)
    streams = waiting_client(server, LONG)
    reading = Reading(streams, iterator(streams, arn))
    time.sleep(0.2)
    client.update_table(TableName=name, StreamSpecification={"StreamEnabled": False})
    page = reading.join()
    assert page["Records"] == [] and "NextShardIterator" not in page
    assert reading.seconds < 5
    wait_until_active(client, name)


def test_deleting_the_table_ends_the_wait(server, name):
    client, arn = streamed_table(server, name)
    streams = waiting_client(server, LONG)
    reading = Reading(streams, iterator(streams, arn))
    time.sleep(0.2)
    client.delete_table(TableName=name)
    assert "NextShardIterator" not in reading.join()
    assert reading.seconds < 5


def test_writes_of_another_table_do_not_end_the_wait(server, name):
    _, arn = streamed_table(server, name)
    other, _ = streamed_table(server, name + "-other")
    streams = waiting_client(server, 600)
    reading = Reading(streams, iterator(streams, arn))
    for number in range(50):
        put(other, name + "-other", number)
    assert reading.join()["Records"] == []
    assert reading.seconds >= 0.6


def test_following_a_shard_sees_each_record_once(server, name):
    client, arn = streamed_table(server, name)
    streams = waiting_client(server, LONG)
    start = iterator(streams, arn)
    writer = threading.Thread(target=lambda: [put(client, name, number) for number in range(300)])
    writer.start()
    found = []
    while len(found) < 300:
        page = streams.get_records(ShardIterator=start)
        assert page["Records"]
        found += ids(page)
        start = page["NextShardIterator"]
    writer.join()
    assert found == [str(number) for number in range(300)]


def test_many_wait(server, name):
    client, arn = streamed_table(server, name)
    streams = waiting_client(server, LONG, max_pool_connections=150)
    start = iterator(streams, arn)
    with ThreadPoolExecutor(150) as pool:
        pages = [pool.submit(streams.get_records, ShardIterator=start) for _ in range(150)]
        time.sleep(1)
        put(client, name, "a")
        assert [ids(page.result(timeout=20)) for page in pages] == [["a"]] * 150


def test_a_stop_answers_who_waits(name):
    with Server("--memory") as server:
        _, arn = streamed_table(server, name)
        streams = waiting_client(server, 20_000)
        readings = [Reading(streams, iterator(streams, arn)) for _ in range(5)]
        time.sleep(0.3)
        begun = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - begun < 3
        for reading in readings:
            assert reading.join()["Records"] == []


def test_a_wait_outlasts_the_timeouts_of_http(name, tmp_path):
    config = tmp_path / "millrace.toml"
    config.write_text('listen = "127.0.0.1:0"\nmemory = true\n[http]\nrequest_timeout_seconds = 1\n'
                      "idle_timeout_seconds = 1\nwrite_timeout_seconds = 1\n")
    with Server("--config", config) as server:
        _, arn = streamed_table(server, name)
        streams = waiting_client(server, 3000)
        reading = Reading(streams, iterator(streams, arn))
        assert reading.join()["Records"] == []
        assert reading.seconds >= 3
