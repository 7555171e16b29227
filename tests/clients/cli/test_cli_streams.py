"""The AWS CLI's stream commands."""

KEY = {"id": {"S": "a"}}


def enable(dynamodb, table):
    dynamodb("update-table", "--table-name", table, "--stream-specification",
             "StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES")
    return dynamodb("describe-table", "--table-name", table)["Table"]["LatestStreamArn"]


def records_of(dynamodbstreams, arn, kind, *arguments):
    stream = dynamodbstreams("describe-stream", "--stream-arn", arn)["StreamDescription"]
    (shard,) = stream["Shards"]
    iterator = dynamodbstreams("get-shard-iterator", "--stream-arn", arn, "--shard-id",
                               shard["ShardId"], "--shard-iterator-type", kind, *arguments)
    return dynamodbstreams("get-records", "--shard-iterator", iterator["ShardIterator"])["Records"]


def test_life_of_a_stream(dynamodb, dynamodbstreams, cli_table):
    arn = enable(dynamodb, cli_table)
    (listed,) = dynamodbstreams("list-streams", "--table-name", cli_table)["Streams"]
    assert listed["StreamArn"] == arn
    dynamodb("put-item", "--table-name", cli_table, "--item", KEY)
    dynamodb("update-item", "--table-name", cli_table, "--key", KEY, "--update-expression",
             "SET v = :v", "--expression-attribute-values", {":v": {"B": "AAH/"}})
    dynamodb("delete-item", "--table-name", cli_table, "--key", KEY)
    records = records_of(dynamodbstreams, arn, "TRIM_HORIZON")
    assert [record["eventName"] for record in records] == ["INSERT", "MODIFY", "REMOVE"]
    assert records[1]["dynamodb"]["NewImage"] == {**KEY, "v": {"B": "AAH/"}}
    second = records[1]["dynamodb"]["SequenceNumber"]
    at = records_of(dynamodbstreams, arn, "AT_SEQUENCE_NUMBER", "--sequence-number", second)
    assert at == records[1:]
    after = records_of(dynamodbstreams, arn, "AFTER_SEQUENCE_NUMBER", "--sequence-number", second)
    assert after == records[2:]
    assert records_of(dynamodbstreams, arn, "LATEST") == []
    dynamodb("update-table", "--table-name", cli_table, "--stream-specification",
             "StreamEnabled=false")
    stream = dynamodbstreams("describe-stream", "--stream-arn", arn)["StreamDescription"]
    assert stream["StreamStatus"] in ("DISABLING", "DISABLED")
    assert records_of(dynamodbstreams, arn, "TRIM_HORIZON") == records
