"""The AWS CLI's stream commands on a stream of several shards, and on bad input."""

import pytest

from shards import STREAMED, create_streamed, put, split

VALUES = range(8)


def write(client, name):
    put(client, name, *VALUES)
    for value in VALUES:
        client.delete_item(TableName=name, Key={"id": {"S": str(value)}})


@pytest.fixture
def arn(server, client, name):
    arn = create_streamed(client, name)
    write(client, name)
    split(server, name)
    write(client, name)
    return arn


def describe(dynamodbstreams, arn, *options):
    return dynamodbstreams("describe-stream", "--stream-arn", arn, *options)["StreamDescription"]


def records_of(dynamodbstreams, arn, shard, kind="TRIM_HORIZON", *options):
    start = dynamodbstreams("get-shard-iterator", "--stream-arn", arn, "--shard-id",
                            shard["ShardId"], "--shard-iterator-type", kind, *options)
    page = dynamodbstreams("get-records", "--shard-iterator", start["ShardIterator"])
    assert ("NextShardIterator" in page) == (
        "EndingSequenceNumber" not in shard["SequenceNumberRange"])
    return page["Records"]


def test_lineage_in_pages(dynamodbstreams, arn):
    shards = describe(dynamodbstreams, arn)["Shards"]
    parent = shards[0]["ShardId"]
    assert [shard.get("ParentShardId") for shard in shards] == [None, parent, parent]
    page = describe(dynamodbstreams, arn, "--limit", 2)
    assert page["Shards"] == shards[:2]
    assert page["LastEvaluatedShardId"] == shards[1]["ShardId"]
    rest = describe(dynamodbstreams, arn, "--exclusive-start-shard-id", shards[1]["ShardId"])
    assert rest["Shards"] == shards[2:] and "LastEvaluatedShardId" not in rest


def test_each_change_once_by_lineage(dynamodbstreams, arn):
    parent, *children = describe(dynamodbstreams, arn)["Shards"]
    expected = ["INSERT"] * len(VALUES) + ["REMOVE"] * len(VALUES)
    before = records_of(dynamodbstreams, arn, parent)
    assert [record["eventName"] for record in before] == expected
    after = [records_of(dynamodbstreams, arn, child) for child in children]
    names = {}
    for record in sum(after, []):
        identity = record["dynamodb"]["Keys"]["id"]["S"]
        names.setdefault(identity, []).append(record["eventName"])
    assert names == {str(value): ["INSERT", "REMOVE"] for value in VALUES}
    last = before[-1]["dynamodb"]["SequenceNumber"]
    assert records_of(dynamodbstreams, arn, parent, "AFTER_SEQUENCE_NUMBER",
                      "--sequence-number", last) == []
    assert records_of(dynamodbstreams, arn, parent, "LATEST") == []


def test_streams_of_a_table_in_pages(client, dynamodbstreams, name):
    arns = [create_streamed(client, name)]
    client.update_table(TableName=name, StreamSpecification={"StreamEnabled": False})
    client.update_table(TableName=name, StreamSpecification=STREAMED)
    arns.append(client.describe_table(TableName=name)["Table"]["LatestStreamArn"])
    page = dynamodbstreams("list-streams", "--table-name", name, "--limit", 1)
    assert [stream["StreamArn"] for stream in page["Streams"]] == arns[:1]
    assert page["LastEvaluatedStreamArn"] == arns[0]
    page = dynamodbstreams("list-streams", "--table-name", name,
                           "--exclusive-start-stream-arn", arns[0])
    assert [stream["StreamArn"] for stream in page["Streams"]] == arns[1:]
    assert "LastEvaluatedStreamArn" not in page
    statuses = [describe(dynamodbstreams, arn)["StreamStatus"] for arn in arns]
    assert statuses == ["DISABLED", "ENABLED"]


def test_what_bad_input_gets(dynamodbstreams, arn):
    shard = describe(dynamodbstreams, arn)["Shards"][0]["ShardId"]
    start = ("get-shard-iterator", "--stream-arn", arn, "--shard-id")
    unknown_shard = "shardId-99999999999999999999-00000000"
    unknown_arn = arn.rsplit("/", 1)[0] + "/2001-01-01T00:00:00.000"
    cases = [
        (("get-records", "--shard-iterator", "nonsense"), "ValidationException",
         "Invalid ShardIterator"),
        (("describe-stream", "--stream-arn", unknown_arn), "ResourceNotFoundException",
         f"Requested resource not found: Stream: {unknown_arn} not found"),
        ((*start, unknown_shard, "--shard-iterator-type", "LATEST"), "ResourceNotFoundException",
         f"Requested resource not found: Shard: {unknown_shard} in Stream: {arn} not found"),
        ((*start, shard, "--shard-iterator-type", "AT_SEQUENCE_NUMBER"), "ValidationException", ""),
        ((*start, shard, "--shard-iterator-type", "AT_SEQUENCE_NUMBER", "--sequence-number",
          "0" * 25), "ValidationException", ""),
    ]
    for arguments, code, message in cases:
        with pytest.raises(AssertionError) as failure:
            dynamodbstreams(*arguments)
        assert f"An error occurred ({code}) when calling" in str(failure.value), arguments
        assert message in str(failure.value), arguments
