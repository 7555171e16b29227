"""Fixtures of every client test that Python drives: one server for all, a table for each test."""

import itertools
import time

import boto3
import botocore.config
import botocore.exceptions
import pytest

from credentials import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from server import Server

COUNTER = itertools.count(1)


def make_client(server, service="dynamodb", region=REGION, **options):
    config = botocore.config.Config(retries={"max_attempts": 0}, **options)
    return boto3.client(service, endpoint_url=server.endpoint, region_name=region,
                        aws_access_key_id=ACCESS_KEY_ID, aws_secret_access_key=SECRET_ACCESS_KEY,
                        config=config)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    with Server("--data", tmp_path_factory.mktemp("millrace") / "data") as running:
        yield running


@pytest.fixture(scope="session")
def client(server):
    return make_client(server)


@pytest.fixture(scope="session")
def streams(server):
    return make_client(server, "dynamodbstreams")


@pytest.fixture
def name():
    return f"table-{next(COUNTER)}-{time.monotonic_ns() % 10**9}"


def wait_until_active(client, name, seconds_max=20):
    deadline = time.monotonic() + seconds_max
    while time.monotonic() < deadline:
        table = client.describe_table(TableName=name)["Table"]
        if table["TableStatus"] == "ACTIVE":
            return table
        time.sleep(0.02)
    raise AssertionError(f"{name} is still {table['TableStatus']}")


def create_table(client, name, keys="id:S", **options):
    """`keys` is "NAME:TYPE" of the partition key and, after a space, of the sort key."""
    pairs = [key.split(":") for key in keys.split()]
    options.setdefault("BillingMode", "PAY_PER_REQUEST")
    client.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": t} for n, t in pairs],
        KeySchema=[{"AttributeName": n, "KeyType": kind}
                   for (n, _), kind in zip(pairs, ("HASH", "RANGE"))],
        **options)
    return wait_until_active(client, name)


@pytest.fixture
def table(client, name):
    """The name of a fresh table with the partition key id, a string."""
    create_table(client, name)
    yield name
    client.delete_table(TableName=name)


class Refusal:
    """What `refused` caught."""

    code = message = status = response = None


class refused:  # noqa: N801, reads as a word
    """with refused("ValidationException", "the whole message"): ...   (None: any message)"""

    def __init__(self, code, message=None):
        self.code, self.message = code, message

    def __enter__(self):
        self.refusal = Refusal()
        return self.refusal

    def __exit__(self, kind, error, _):
        assert kind is not None, f"expected {self.code}, but the call succeeded"
        if not isinstance(error, botocore.exceptions.ClientError):
            return False
        answer = self.refusal.response = error.response
        self.refusal.code = answer["Error"]["Code"]
        self.refusal.message = answer["Error"]["Message"]
        self.refusal.status = answer["ResponseMetadata"]["HTTPStatusCode"]
        assert (self.refusal.code, self.refusal.status) == (self.code, 400), self.refusal.message
        if self.message is not None:
            assert self.refusal.message == self.message
        return True


def stream_arn(client, name):
    return client.describe_table(TableName=name)["Table"]["LatestStreamArn"]


def read_stream(streams, arn):
    """All records of a stream from TRIM_HORIZON, shard by shard, parents first."""
    records = []
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"],
            ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        while iterator:
            page = streams.get_records(ShardIterator=iterator)
            records += page["Records"]
            iterator = page.get("NextShardIterator") if page["Records"] else None
    return records


@pytest.fixture(scope="session")
def functions(server):
    return make_client(server, "lambda")
