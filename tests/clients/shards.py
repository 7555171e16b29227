"""A streamed table of several shards, and its stream as boto3 sees it."""

from conftest import create_table, stream_arn
from wire import MILLRACE, STREAMS, call

STREAMED = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


def create_streamed(client, name):
    """The ARN of the stream."""
    create_table(client, name, StreamSpecification=STREAMED)
    return stream_arn(client, name)


def split(server, name, shard_id=None):
    """What SplitTable answers."""
    request = {"TableName": name, **({"ShardId": shard_id} if shard_id else {})}
    answer = call(server, "SplitTable", request, service=MILLRACE)
    assert answer.status == 200, answer.body
    return answer.json


def put(client, name, *values):
    for value in values:
        client.put_item(TableName=name, Item={"id": {"S": str(value)}})


def describe(streams, arn, **options):
    return streams.describe_stream(StreamArn=arn, **options)["StreamDescription"]


def shards_of(streams, arn):
    return describe(streams, arn)["Shards"]


def children_page(server, arn, shard_filter, **options):
    """DescribeStream with a ShardFilter, which older SDKs do not know."""
    request = {"StreamArn": arn, "ShardFilter": shard_filter, **options}
    return call(server, "DescribeStream", request, service=STREAMS)


def children_of(server, arn, shard, **options):
    """The description with the shards that have the shard as their parent."""
    shard_filter = {"Type": "CHILD_SHARDS", "ShardId": shard["ShardId"]}
    answer = children_page(server, arn, shard_filter, **options)
    assert answer.status == 200, answer.body
    return answer.json["StreamDescription"]


def is_closed(shard):
    return "EndingSequenceNumber" in shard["SequenceNumberRange"]


def iterator(streams, arn, shard, kind="TRIM_HORIZON", **options):
    return streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"],
                                      ShardIteratorType=kind, **options)["ShardIterator"]


def read(streams, start, pages_max=20):
    """Records from an iterator on, and the iterator behind them, None at the end of the shard."""
    records = []
    for _ in range(pages_max):
        page = streams.get_records(ShardIterator=start)
        records += page["Records"]
        start = page.get("NextShardIterator")
        if start is None or not page["Records"]:
            break
    return records, start


def ids(records):
    return [record["dynamodb"]["Keys"]["id"]["S"] for record in records]


def numbers(records):
    return [record["dynamodb"]["SequenceNumber"] for record in records]
