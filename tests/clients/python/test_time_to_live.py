"""Time to Live: its settings, and what becomes of items whose time has passed."""

import time

import pytest

from conftest import create_table, make_client, refused
from server import Server


def expiring(identity, seconds_from_now, **more):
    return {"id": {"S": identity}, "until": {"N": str(int(time.time() + seconds_from_now))}, **more}


def enable(client, name, attribute="until", enabled=True):
    return client.update_time_to_live(TableName=name, TimeToLiveSpecification={
        "AttributeName": attribute, "Enabled": enabled})


def identities(client, name):
    return sorted(item["id"]["S"] for item in client.scan(TableName=name)["Items"])


def wait_for(condition, seconds_max=15):
    deadline = time.monotonic() + seconds_max
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to that in time")


def status(client, name):
    return client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]


def test_settings(client, table):
    assert status(client, table) == {"TimeToLiveStatus": "DISABLED"}
    answer = enable(client, table)["TimeToLiveSpecification"]
    assert answer == {"AttributeName": "until", "Enabled": True}
    wait_for(lambda: status(client, table) == {"TimeToLiveStatus": "ENABLED",
                                               "AttributeName": "until"})
    with refused("ValidationException") as refusal:
        enable(client, table)
    assert refusal.message == "TimeToLive is already enabled"
    with refused("ValidationException") as refusal:
        enable(client, table, "other")
    assert refusal.message == ("TimeToLive is active on a different AttributeName: current "
                               "AttributeName is until")
    enable(client, table, enabled=False)
    assert status(client, table) == {"TimeToLiveStatus": "DISABLED"}
    with refused("ValidationException") as refusal:
        enable(client, table, enabled=False)
    assert refusal.message == "TimeToLive is already disabled"


def test_unknown_table(client):
    with refused("ResourceNotFoundException"):
        enable(client, "no-such-table")
    with refused("ResourceNotFoundException"):
        status(client, "no-such-table")


def test_expired_items_go_and_others_stay(client, table):
    enable(client, table)
    six_years = 6 * 365 * 24 * 3600
    items = [expiring("past", -10), expiring("soon", 2), expiring("later", 600),
             expiring("long-past", -six_years), {"id": {"S": "none"}},
             {"id": {"S": "text"}, "until": {"S": "1"}},
             {"id": {"S": "fraction"}, "until": {"N": f"{int(time.time() - 5)}.75"}}]
    for item in items:
        client.put_item(TableName=table, Item=item)
    wait_for(lambda: identities(client, table) == ["later", "long-past", "none", "text"])
    assert client.describe_table(TableName=table)["Table"]["ItemCount"] == 4


def test_items_from_before_it_was_enabled(client, table):
    for number in range(700):
        client.put_item(TableName=table, Item=expiring(f"{number:03}", -5 if number % 2 else 900))
    enable(client, table)
    wait_for(lambda: client.describe_table(TableName=table)["Table"]["ItemCount"] == 350)


def test_a_later_time_saves_an_item(client, table):
    enable(client, table)
    client.put_item(TableName=table, Item=expiring("kept", 2))
    client.put_item(TableName=table, Item=expiring("kept", 600))
    client.put_item(TableName=table, Item=expiring("lost", 2))
    wait_for(lambda: identities(client, table) == ["kept"])


def test_nothing_expires_once_it_is_disabled(client, table):
    enable(client, table)
    client.put_item(TableName=table, Item=expiring("kept", 1))
    enable(client, table, enabled=False)
    time.sleep(3)
    assert identities(client, table) == ["kept"]


@pytest.mark.parametrize("image", ["NEW_AND_OLD_IMAGES", "KEYS_ONLY"])
def test_the_stream_says_that_the_service_did_it(client, streams, name, image):
    create_table(client, name, StreamSpecification={"StreamEnabled": True, "StreamViewType": image})
    enable(client, name)
    item = expiring("gone", -1, more={"S": "x"})
    client.put_item(TableName=name, Item=item)
    wait_for(lambda: identities(client, name) == [])
    arn = client.describe_table(TableName=name)["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard,
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    insert, remove = streams.get_records(ShardIterator=iterator)["Records"]
    assert "userIdentity" not in insert
    assert remove["eventName"] == "REMOVE"
    assert remove["userIdentity"] == {"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"}
    assert remove["dynamodb"]["Keys"] == {"id": {"S": "gone"}}
    if image == "NEW_AND_OLD_IMAGES":
        assert remove["dynamodb"]["OldImage"] == item
    client.delete_table(TableName=name)


def test_it_goes_on_after_a_restart(tmp_path):
    with Server("--data", tmp_path / "data") as server:
        client = make_client(server)
        create_table(client, "expiring")
        enable(client, "expiring")
        client.put_item(TableName="expiring", Item=expiring("gone", 3))
        client.put_item(TableName="expiring", Item=expiring("kept", 900))
        server.kill()
    with Server("--data", tmp_path / "data") as server:
        client = make_client(server)
        assert status(client, "expiring")["TimeToLiveStatus"] in ("ENABLED", "ENABLING")
        wait_for(lambda: identities(client, "expiring") == ["kept"])
