"""Triggers through their life: disabled, changed, without a function, on streams that end, over restarts."""

import json
import threading
import time

import pytest

from conftest import make_client, stream_arn
from fed_functions import (  # noqa: F401
    BOTH_IMAGES, Feeding, await_that, feeding, python_zip, statistics)
from server import Server
from shards import split

DONE = '''
def answer(event, context):
    time.sleep(0.02)
    note(done=ids(event))
'''


def numbered(count, prefix=""):
    return [f"{prefix}{number:03}" for number in range(count)]


def disable_stream(client, table):
    client.update_table(TableName=table, StreamSpecification={"StreamEnabled": False})


def enable_stream(client, table):
    client.update_table(TableName=table, StreamSpecification={
        "StreamEnabled": True, "StreamViewType": BOTH_IMAGES})


@pytest.mark.parametrize("position", ["TRIM_HORIZON", "LATEST"])
def test_a_disabled_mapping_keeps_its_position(feeding, position):
    table = feeding.table()
    mapping = feeding.feed(table, StartingPosition=position)
    feeding.put(table, "a", "b")
    mapping.notes.await_ids("b")
    assert mapping.update(Enabled=False)["State"] == "Disabled"
    feeding.put(table, "c", "d")
    time.sleep(0.3)
    assert mapping.notes.ids() == ["a", "b"]
    mapping.update(Enabled=True)
    assert mapping.notes.await_ids("d") == ["a", "b", "c", "d"]


def test_a_mapping_that_is_disabled_from_the_start(feeding):
    table = feeding.table()
    mapping = feeding.feed(table, Enabled=False, StartingPosition="TRIM_HORIZON")
    feeding.put(table, "a")
    time.sleep(0.2)
    assert mapping.notes.all() == []
    mapping.update(Enabled=True)
    assert mapping.notes.await_ids("a") == ["a"]


def test_disabling_waits_for_what_is_under_way(feeding):
    table = feeding.table()
    mapping = feeding.feed(table, "def answer(event, context):\n    time.sleep(0.3)\n    note(done=1)\n",
                           BatchSize=1)
    feeding.put(table, *numbered(8))
    mapping.notes.await_ids("000")
    mapping.update(Enabled=False)
    count = len(mapping.notes.events())
    assert len([note for note in mapping.notes.all() if "done" in note]) == count < 8
    time.sleep(0.6)
    assert len(mapping.notes.events()) == count
    mapping.update(Enabled=True)
    assert mapping.notes.await_ids("007") == numbered(8)


def test_a_new_batch_size_takes_effect(feeding):
    table = feeding.table()
    mapping = feeding.feed(table, DONE, BatchSize=2)
    feeding.put(table, *numbered(6, "a"))
    mapping.notes.await_ids("a005")
    assert max(map(len, mapping.notes.batches())) <= 2
    mapping.update(BatchSize=50, MaximumBatchingWindowInSeconds=1)
    feeding.put_many(table, numbered(25, "b"))
    mapping.notes.await_ids(*numbered(25, "b"))
    assert len(mapping.notes.batches()[-1]) > 10
    assert len(mapping.notes.ids()) == 31


def test_new_filters_take_effect(feeding):
    table = feeding.table()
    mapping = feeding.feed(table, FilterCriteria={"Filters": [{"Pattern": '{"eventName":["REMOVE"]}'}]})
    feeding.put(table, "a")
    await_that(lambda: statistics(feeding.server, mapping)["RecordsBehind"] == 0)
    mapping.update(FilterCriteria={"Filters": [{"Pattern": json.dumps(
        {"dynamodb": {"Keys": {"id": {"S": [{"anything-but": "c"}]}}}})}]})
    feeding.put(table, "b", "c", "d")
    assert mapping.notes.await_ids("d") == ["b", "d"]
    mapping.update(FilterCriteria={"Filters": []})
    feeding.client.delete_item(TableName=table, Key={"id": {"S": "c"}})
    assert mapping.notes.await_ids("c") == ["b", "d", "c"]


def test_more_and_fewer_lanes_keep_the_order(feeding):
    table = feeding.table()
    mapping = feeding.feed(table, "def answer(event, context):\n    time.sleep(0.005)\n", BatchSize=3,
                           ParallelizationFactor=3)
    stopping, wanted = threading.Event(), []

    def write():
        client, number = make_client(feeding.server), 0
        while not stopping.is_set():
            for key in "abcdefgh":
                client.put_item(TableName=table, Item={"id": {"S": key}, "n": {"N": str(number)}})
                wanted.append((key, number))
            number += 1

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    try:
        for factor in (1, 5, 2, 10):
            time.sleep(0.2)
            mapping.update(ParallelizationFactor=factor)
    finally:
        stopping.set()
        writer.join()

    def seen():
        return [(record["dynamodb"]["Keys"]["id"]["S"], int(record["dynamodb"]["NewImage"]["n"]["N"]))
                for event in mapping.notes.events() for record in event["Records"]]

    await_that(lambda: len(seen()) >= len(wanted), lambda: f"{len(seen())} of {len(wanted)}")
    assert sorted(seen()) == sorted(wanted)
    for key in "abcdefgh":
        numbers = [number for each, number in seen() if each == key]
        assert numbers == sorted(numbers)


def test_an_alias_is_moved_and_a_mapping_too(feeding):
    table = feeding.table()
    functions = feeding.functions
    function, notes = feeding.function("def answer(event, context):\n    note(code=1)\n")
    first = functions.publish_version(FunctionName=function)["Version"]
    functions.update_function_code(FunctionName=function, ZipFile=python_zip(
        "def answer(event, context):\n    note(code=2)\n"))
    functions.get_waiter("function_updated_v2").wait(FunctionName=function)
    second = functions.publish_version(FunctionName=function)["Version"]
    functions.create_alias(FunctionName=function, Name="live", FunctionVersion=first)
    mapping = feeding.map(table, f"{function}:live", notes)
    assert mapping.get()["FunctionArn"].endswith(f":{function}:live")

    def codes():
        return [note["code"] for note in notes.all() if "code" in note]

    feeding.put(table, "a")
    await_that(lambda: codes() == [1])
    functions.update_alias(FunctionName=function, Name="live", FunctionVersion=second)
    feeding.put(table, "b")
    await_that(lambda: codes() == [1, 2])
    shown = mapping.update(FunctionName=f"{function}:{first}")
    assert shown["FunctionArn"].endswith(f":{function}:{first}")
    feeding.put(table, "c")
    await_that(lambda: codes() == [1, 2, 1])
    assert notes.ids() == ["a", "b", "c"]
    assert [note["function"].split(":")[-1] for note in notes.all() if "event" in note] == [
        "live", "live", first]


def test_code_is_changed_midway(feeding):
    table = feeding.table()
    mapping = feeding.feed(table, "def answer(event, context):\n    raise ValueError('a bug')\n")
    feeding.put(table, "a", "b")
    mapping.await_result("PROBLEM: Function call failed")
    feeding.functions.update_function_code(FunctionName=mapping.function, ZipFile=python_zip(DONE))
    await_that(lambda: [note for note in mapping.notes.all() if "done" in note])
    mapping.await_result("OK")
    feeding.put(table, "c")
    mapping.notes.await_ids("a", "b", "c")


def test_new_code_does_not_interrupt_a_batch(feeding):
    table = feeding.table()
    mapping = feeding.feed(table, "def answer(event, context):\n    time.sleep(1)\n    note(done=1)\n",
                           MaximumRetryAttempts=0, BatchSize=1)
    feeding.put(table, "a")
    mapping.notes.await_ids("a")
    feeding.functions.update_function_code(FunctionName=mapping.function, ZipFile=python_zip(
        "def answer(event, context):\n    note(done=2)\n"))
    feeding.put(table, "b")
    await_that(lambda: [note["done"] for note in mapping.notes.all() if "done" in note] == [1, 2])
    mapping.await_result("OK")
    assert mapping.notes.ids() == ["a", "b"]
    assert statistics(feeding.server, mapping)["Failures"] == 0


def test_a_function_that_is_deleted_and_made_again(feeding):
    table = feeding.table()
    mapping = feeding.feed(table, MaximumRetryAttempts=0)
    feeding.put(table, "a")
    mapping.notes.await_ids("a")
    feeding.functions.delete_function(FunctionName=mapping.function)
    feeding.put(table, "b", "c")
    assert mapping.await_result("PROBLEM") == "PROBLEM: Function not found"
    assert mapping.get()["State"] == "Enabled"
    feeding.function(name=mapping.function)
    assert mapping.notes.await_ids("c") == ["a", "b", "c"]
    mapping.await_result("OK")


def test_a_disabled_stream_is_worked_off(feeding, server):
    table = feeding.table()
    mapping = feeding.feed(table, DONE, BatchSize=5)
    feeding.put_many(table, numbered(50))
    split(server, table)
    feeding.put_many(table, numbered(50, "after"))
    disable_stream(feeding.client, table)
    feeding.put(table, "not of the stream")
    wanted = numbered(50) + numbered(50, "after")
    assert sorted(mapping.notes.await_ids(*wanted)) == sorted(wanted)


def test_the_stream_of_a_deleted_table_is_worked_off(feeding):
    table = feeding.table()
    arn = stream_arn(feeding.client, table)
    mapping = feeding.feed(table, DONE, BatchSize=5)
    feeding.put_many(table, numbered(50))
    feeding.client.delete_table(TableName=table)
    assert sorted(mapping.notes.await_ids(*numbered(50))) == numbered(50)
    # And by one that comes later.
    late = feeding.feed(table, EventSourceArn=arn)
    assert sorted(late.notes.await_ids(*numbered(50))) == numbered(50)


def follow_table(functions):
    """Older SDKs do not know that mappings have tags."""
    def add_tags(params, **_):
        body = json.loads(params["body"])
        body["Tags"] = {"millrace:follow-table": "true"}
        params["body"] = json.dumps(body).encode()

    functions.meta.events.register("before-call.lambda.CreateEventSourceMapping", add_tags)


def test_a_mapping_follows_its_table(feeding):
    table = feeding.table()
    stays = feeding.feed(table)
    follow_table(feeding.functions)
    follows = feeding.feed(table, DONE, BatchSize=3)
    for number in range(3):
        feeding.put(table, *numbered(10, f"{number}-"))
        disable_stream(feeding.client, table)
        feeding.put(table, "unseen")
        enable_stream(feeding.client, table)
    feeding.put(table, "last")
    wanted = sum((numbered(10, f"{number}-") for number in range(3)), []) + ["last"]
    assert follows.notes.await_ids("last") == wanted
    assert follows.await_state()["EventSourceArn"] == stream_arn(feeding.client, table)
    assert stays.notes.await_ids(*numbered(10, "0-")) == numbered(10, "0-")
    assert stays.get()["EventSourceArn"] != stream_arn(feeding.client, table)


def test_a_mapping_follows_from_a_stream_that_has_ended(feeding):
    table = feeding.table()
    follow_table(feeding.functions)
    ended = stream_arn(feeding.client, table)
    disable_stream(feeding.client, table)
    enable_stream(feeding.client, table)
    mappings = [feeding.feed(table, EventSourceArn=ended) for _ in range(12)]
    feeding.put(table, "a")
    for mapping in mappings:
        assert mapping.notes.await_ids("a", seconds_max=8) == ["a"]


def test_a_mapping_is_told_later_to_follow_its_table(feeding):
    table = feeding.table()
    mapping = feeding.feed(table)
    feeding.put(table, "a")
    disable_stream(feeding.client, table)
    mapping.notes.await_ids("a")
    enable_stream(feeding.client, table)
    feeding.put(table, "b")
    time.sleep(0.3)
    assert mapping.notes.ids() == ["a"]
    arn = f"arn:aws:lambda:us-east-1:000000000000:event-source-mapping:{mapping.uuid}"
    feeding.functions.tag_resource(Resource=arn, Tags={"millrace:follow-table": "true"})
    assert mapping.notes.await_ids("b", seconds_max=10) == ["a", "b"]


def begun(server, directory, body=DONE, **settings):
    feeding = Feeding(server, directory)
    table = feeding.table()
    return feeding, table, feeding.feed(table, body, **settings)


def test_nothing_is_repeated_after_a_stop(tmp_path):
    data, identities = tmp_path / "data", numbered(160)
    with Server("--data", data) as server:
        feeding, table, mapping = begun(server, tmp_path, BatchSize=2)
        feeding.put_many(table, identities)
        mapping.notes.await_events(5)
    for _ in range(2):
        seen = len(mapping.notes.ids())
        assert seen < 160
        with Server("--data", data) as server:
            mapping.notes.await_events(len(mapping.notes.events()) + 5)
    with Server("--data", data) as server:
        again = feeding.restarted(server)
        assert sorted(mapping.notes.await_ids(*identities)) == identities
        feeding.restarted(server).put(table, "later")
        mapping.notes.await_ids("later")
        assert statistics(server, again.mappings[0])["LostRecords"] == 0
    assert len(mapping.notes.ids()) == 161


def test_a_batch_a_lane_is_repeated_after_a_kill(tmp_path):
    data, lanes, batch_size, kills = tmp_path / "data", 3, 4, 3
    identities = numbered(200)
    server = Server("--data", data)
    try:
        feeding, table, mapping = begun(server, tmp_path, BatchSize=batch_size,
                                        ParallelizationFactor=lanes)
        feeding.put_many(table, identities)
        for _ in range(kills):
            mapping.notes.await_events(len(mapping.notes.events()) + 6)
            server.kill()
            server = Server("--data", data)
        seen = mapping.notes.await_ids(*identities)
        assert set(seen) == set(identities)
        assert len(seen) - len(identities) <= kills * lanes * batch_size
        assert len(seen) > len(identities) or len(mapping.notes.events()) > 50
        assert server.stop() == 0
    finally:
        if server.process.poll() is None:
            server.kill()


def test_attempts_and_halves_outlast_a_kill(tmp_path):
    """A restart neither forgets attempts nor puts a halved batch together again."""
    data = tmp_path / "data"
    poison = '''
def answer(event, context):
    if "poison" in ids(event):
        raise ValueError("never")
'''
    server = Server("--data", data)
    try:
        feeding, table, mapping = begun(server, tmp_path, poison, BatchSize=16, Enabled=False,
                                        BisectBatchOnFunctionError=True, MaximumRetryAttempts=2)
        feeding.put(table, *numbered(10), "poison", *numbered(5, "after"))
        mapping.update(Enabled=True)
        await_that(lambda: ["poison"] in mapping.notes.batches())
        server.kill()
        before = len(mapping.notes.batches())
        server = Server("--data", data)
        feeding.restarted(server).put(table, "end")
        mapping.notes.await_ids("end")
        assert server.stop() == 0
    finally:
        if server.process.poll() is None:
            server.kill()
    assert 3 <= mapping.notes.batches().count(["poison"]) <= 4
    assert all(batch == ["poison"] for batch in mapping.notes.batches()[before:] if "poison" in batch)


def test_a_mapping_is_deleted_for_good(tmp_path):
    data = tmp_path / "data"
    with Server("--data", data) as server:
        feeding, table, mapping = begun(server, tmp_path)
        feeding.put(table, "a")
        mapping.notes.await_ids("a")
        mapping.delete()
        feeding.put(table, "b")
    with Server("--data", data) as server:
        again = feeding.restarted(server)
        assert again.functions.list_event_source_mappings()["EventSourceMappings"] == []
        again.put(table, "c")
        time.sleep(0.3)
        assert mapping.notes.ids() == ["a"]
        # Another one of the same two has a position of its own.
        other = again.map(table, mapping.function, mapping.notes)
        assert other.notes.await_ids("c") == ["a", "a", "b", "c"]
