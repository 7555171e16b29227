"""What streams no longer keep: --streams-retention-seconds and the tag millrace:stream-retention-hours."""

import time

import pytest

from conftest import create_table, make_client, read_stream, refused, stream_arn
from server import Server

TAG = "millrace:stream-retention-hours"
STREAMED = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


class Place:
    """A server that keeps records for two seconds, and its clients."""

    def __init__(self, server):
        self.server = server
        self.client = make_client(server)
        self.streams = make_client(server, "dynamodbstreams")

    def table(self, name, **options):
        create_table(self.client, name, StreamSpecification=STREAMED, **options)
        return stream_arn(self.client, name)

    def put(self, table, *values):
        for value in values:
            self.client.put_item(TableName=table, Item={"id": {"S": str(value)}})

    def shards(self, arn):
        return self.streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]

    def iterator(self, arn, kind, **options):
        return self.streams.get_shard_iterator(
            StreamArn=arn, ShardId=self.shards(arn)[0]["ShardId"], ShardIteratorType=kind,
            **options)["ShardIterator"]

    def records(self, arn):
        """Between an iterator and its use the record that it is at may be trimmed."""
        while True:
            try:
                return read_stream(self.streams, arn)
            except self.streams.exceptions.TrimmedDataAccessException:
                pass

    def read(self, arn):
        return [record["dynamodb"]["Keys"]["id"]["S"] for record in self.records(arn)]

    def wait_until(self, condition, seconds_max=10):
        deadline = time.monotonic() + seconds_max
        while not condition():
            assert time.monotonic() < deadline, self.server.stderr()
            time.sleep(0.05)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with Server("--data", tmp_path_factory.mktemp("retention") / "data",
                "--streams-retention-seconds", "2") as server:
        yield Place(server)


def test_records_are_trimmed_by_their_age(place, name):
    arn = place.table(name)
    place.put(name, "a", "b")
    begun = time.monotonic()
    assert place.read(arn) == ["a", "b"]
    time.sleep(1.2)
    place.put(name, "c")
    place.wait_until(lambda: place.read(arn) == ["c"])
    assert time.monotonic() - begun > 1.9
    place.wait_until(lambda: place.read(arn) == [])
    place.put(name, "d")
    assert place.read(arn) == ["d"]


def test_what_was_trimmed_is_told(place, name):
    arn = place.table(name)
    place.put(name, "a", "b")
    page = place.streams.get_records(ShardIterator=place.iterator(arn, "TRIM_HORIZON"), Limit=1)
    first = page["Records"][0]["dynamodb"]["SequenceNumber"]
    behind_first = page["NextShardIterator"]
    page = place.streams.get_records(ShardIterator=behind_first)
    last = page["Records"][0]["dynamodb"]["SequenceNumber"]
    behind_last = page["NextShardIterator"]
    place.wait_until(lambda: place.read(arn) == [])
    with refused("TrimmedDataAccessException"):
        place.streams.get_records(ShardIterator=behind_first)
    for kind, number in (("AT_SEQUENCE_NUMBER", first), ("AFTER_SEQUENCE_NUMBER", first),
                         ("AT_SEQUENCE_NUMBER", last)):
        with refused("TrimmedDataAccessException"):
            place.iterator(arn, kind, SequenceNumber=number)
    # Who has had everything misses nothing.
    place.put(name, "c")
    for start in (behind_last, place.iterator(arn, "AFTER_SEQUENCE_NUMBER", SequenceNumber=last),
                  place.iterator(arn, "TRIM_HORIZON")):
        page = place.streams.get_records(ShardIterator=start)
        assert [record["dynamodb"]["Keys"]["id"]["S"] for record in page["Records"]] == ["c"]


def test_a_disabled_stream_ages_out(place, name):
    arn = place.table(name)
    place.put(name, "a")
    place.client.update_table(TableName=name, StreamSpecification={"StreamEnabled": False})
    assert place.read(arn) == ["a"]
    place.client.update_table(TableName=name, StreamSpecification=STREAMED)
    new = stream_arn(place.client, name)
    assert new != arn

    def is_listed():
        listed = place.streams.list_streams(TableName=name)["Streams"]
        return arn in [stream["StreamArn"] for stream in listed]

    assert is_listed()
    start = place.iterator(arn, "TRIM_HORIZON")
    place.wait_until(lambda: not is_listed())
    with refused("ResourceNotFoundException"):
        place.streams.describe_stream(StreamArn=arn)
    with refused("ResourceNotFoundException"):
        place.streams.get_records(ShardIterator=start)
    place.put(name, "b")
    assert place.read(new) == ["b"]


def test_the_latest_stream_ages_out_when_disabled(place, name):
    place.table(name)
    place.put(name, "a")
    place.client.update_table(TableName=name, StreamSpecification={"StreamEnabled": False})
    place.wait_until(lambda: not place.streams.list_streams(TableName=name)["Streams"])
    assert "LatestStreamArn" not in place.client.describe_table(TableName=name)["Table"]
    assert place.client.get_item(TableName=name, Key={"id": {"S": "a"}})["Item"]
    place.client.update_table(TableName=name, StreamSpecification=STREAMED)
    place.put(name, "b")
    assert place.read(stream_arn(place.client, name)) == ["b"]


def test_the_stream_of_a_deleted_table_ages_out(place, name):
    arn = place.table(name)
    place.put(name, "a")
    place.client.delete_table(TableName=name)
    assert place.read(arn) == ["a"]
    place.wait_until(lambda: not place.streams.list_streams(TableName=name)["Streams"])
    with refused("ResourceNotFoundException"):
        place.streams.describe_stream(StreamArn=arn)


def test_a_table_keeps_its_records_longer(place, name):
    tagged = place.table(name, Tags=[{"Key": TAG, "Value": "1"}])
    later, never = place.table(name + "-later"), place.table(name + "-never")
    for table in (name, name + "-later", name + "-never"):
        place.put(table, "a")
    table_arn = place.client.describe_table(TableName=name + "-later")["Table"]["TableArn"]
    place.client.tag_resource(ResourceArn=table_arn, Tags=[{"Key": TAG, "Value": "876000"}])
    place.wait_until(lambda: place.read(never) == [])
    time.sleep(0.5)
    assert place.read(tagged) == place.read(later) == ["a"]
    assert place.client.list_tags_of_resource(ResourceArn=table_arn)["Tags"] == [
        {"Key": TAG, "Value": "876000"}]
    place.client.untag_resource(ResourceArn=table_arn, TagKeys=[TAG])
    place.wait_until(lambda: place.read(later) == [])
    assert place.read(tagged) == ["a"]


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "24h", "", "876001"])
def test_what_is_no_retention_is_refused(place, name, value):
    tags = [{"Key": TAG, "Value": value}]
    with refused("ValidationException"):
        create_table(place.client, name, Tags=tags)
    place.table(name)
    table_arn = place.client.describe_table(TableName=name)["Table"]["TableArn"]
    with refused("ValidationException"):
        place.client.tag_resource(ResourceArn=table_arn, Tags=tags)
    assert place.client.list_tags_of_resource(ResourceArn=table_arn)["Tags"] == []


def test_what_is_trimmed_stays_trimmed_after_a_restart(name, tmp_path):
    options = ("--data", tmp_path / "data", "--streams-retention-seconds", "2")
    with Server(*options) as server:
        place = Place(server)
        arn = place.table(name)
        place.put(name, "a", "b")
        place.wait_until(lambda: place.read(arn) == [])
        place.put(name, "c")
        (sequence_number,) = [record["dynamodb"]["SequenceNumber"]
                              for record in place.records(arn)]
    with Server(*options) as server:
        place = Place(server)
        place.put(name, "d")
        numbers = [record["dynamodb"]["SequenceNumber"]
                   for record in place.records(arn)]
        assert numbers[-1] > sequence_number and len(numbers) <= 2
        place.wait_until(lambda: place.read(arn) == [])
        assert len(place.shards(arn)) == 1


def test_shards_that_are_over_go_before_their_children(name):
    with Server("--memory", "--streams-shard-max-age-seconds", "1",
                "--streams-retention-seconds", "2") as server:
        place = Place(server)
        arn = place.table(name)
        (first,) = place.shards(arn)
        start = place.iterator(arn, "TRIM_HORIZON")
        place.put(name, "a")

        def first_is_gone():
            place.put(name, time.monotonic())
            return first["ShardId"] not in [shard["ShardId"] for shard in place.shards(arn)]

        place.wait_until(first_is_gone)
        shards = place.shards(arn)
        assert 1 < len(shards) <= 5
        assert "ParentShardId" in shards[0]
        for parent, child in zip(shards, shards[1:]):
            assert child["ParentShardId"] == parent["ShardId"]
            assert "EndingSequenceNumber" in parent["SequenceNumberRange"]
        with refused("ResourceNotFoundException"):
            place.streams.get_shard_iterator(StreamArn=arn, ShardId=first["ShardId"],
                                             ShardIteratorType="TRIM_HORIZON")
        with refused("ResourceNotFoundException", "Invalid ShardId in ShardIterator"):
            place.streams.get_records(ShardIterator=start)
