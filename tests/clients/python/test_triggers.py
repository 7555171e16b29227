"""Triggers: what reaches a function of a table's changes, in which batches and in what order."""

import json
import threading
import time

import pytest

from conftest import make_client, stream_arn
from fed_functions import await_that, feeding, ids_of, replay, statistics  # noqa: F401
from shards import split
from wire import MILLRACE, STREAMS, call, get

ITEM = {
    "id": {"S": "all"}, "text": {"S": "Grüße \u0001 \"quoted\" 🎵"}, "number": {"N": "-12.50"},
    "large": {"N": "99999999999999999999999999999999999999"}, "bytes": {"B": b"\x00\xff\xfe"},
    "texts": {"SS": ["a", "b"]}, "numbers": {"NS": ["1", "2.5"]}, "blobs": {"BS": [b"x", b"\x80"]},
    "list": {"L": [{"S": "x"}, {"N": "1"}, {"L": []}]}, "map": {"M": {"in": {"M": {"n": {"NULL": True}}}}},
    "true": {"BOOL": True}, "false": {"BOOL": False}, "null": {"NULL": True}, "empty": {"S": ""}}
SHOWN = {
    **ITEM, "number": {"N": "-12.5"}, "bytes": {"B": "AP/+"}, "blobs": {"BS": ["eA==", "gA=="]}}


def records_of(server, arn):
    """All of a stream as GetRecords has them on the wire."""
    def ask(operation, **request):
        answer = call(server, operation, request, service=STREAMS)
        assert answer.status == 200, answer.body
        return answer.json

    records = []
    for shard in ask("DescribeStream", StreamArn=arn)["StreamDescription"]["Shards"]:
        iterator = ask("GetShardIterator", StreamArn=arn, ShardId=shard["ShardId"],
                       ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        while iterator:
            page = ask("GetRecords", ShardIterator=iterator)
            records += page["Records"]
            iterator = page.get("NextShardIterator") if page["Records"] else None
    return records


@pytest.mark.parametrize("view,images", [
    ("NEW_AND_OLD_IMAGES", {"NewImage", "OldImage"}), ("NEW_IMAGE", {"NewImage"}),
    ("OLD_IMAGE", {"OldImage"}), ("KEYS_ONLY", set())])
def test_the_event(feeding, server, view, images):
    table = feeding.table(view)
    client, arn = feeding.client, stream_arn(feeding.client, table)
    client.put_item(TableName=table, Item=ITEM)
    client.update_item(TableName=table, Key={"id": {"S": "all"}}, UpdateExpression="SET #t = :t",
                       ExpressionAttributeNames={"#t": "text"},
                       ExpressionAttributeValues={":t": {"S": "new"}})
    client.delete_item(TableName=table, Key={"id": {"S": "all"}})
    mapping = feeding.feed(table)
    (event,) = mapping.notes.await_events(1)
    assert set(event) == {"Records"}
    assert event["Records"] == [{**each, "eventSourceARN": arn} for each in records_of(server, arn)]
    changed = {**SHOWN, "text": {"S": "new"}}
    expected = [("INSERT", {"NewImage": SHOWN}),
                ("MODIFY", {"NewImage": changed, "OldImage": SHOWN}), ("REMOVE", {"OldImage": changed})]
    assert len(event["Records"]) == 3
    for record, (name, shown) in zip(event["Records"], expected):
        change = record.pop("dynamodb")
        assert len(record.pop("eventID")) == 32
        assert record == {"eventName": name, "eventVersion": "1.1", "eventSource": "aws:dynamodb",
                          "awsRegion": "us-east-1", "eventSourceARN": arn}
        created = change.pop("ApproximateCreationDateTime")
        assert isinstance(created, (int, float)) and abs(created - time.time()) < 60
        assert change.pop("SequenceNumber").isdigit() and change.pop("SizeBytes") > 0
        for each in (change, shown):
            for image in images & set(each):
                each[image] = {**each[image], "texts": {"SS": sorted(each[image]["texts"]["SS"])},
                               "numbers": {"NS": sorted(each[image]["numbers"]["NS"])}}
        assert change == {"Keys": {"id": {"S": "all"}}, "StreamViewType": view,
                          **{name: image for name, image in shown.items() if name in images}}


def test_an_expired_item_is_told_of_as_the_service_does(feeding):
    table = feeding.table()
    feeding.client.update_time_to_live(TableName=table, TimeToLiveSpecification={
        "AttributeName": "until", "Enabled": True})
    pattern = {"userIdentity": {"type": ["Service"], "principalId": ["dynamodb.amazonaws.com"]}}
    mapping = feeding.feed(table, FilterCriteria={"Filters": [{"Pattern": json.dumps(pattern)}]})
    feeding.put(table, "deleted")
    feeding.client.delete_item(TableName=table, Key={"id": {"S": "deleted"}})
    feeding.put(table, "expired", until={"N": str(int(time.time()) - 10)})
    (event,) = mapping.notes.await_events(1)
    (record,) = event["Records"]
    assert (record["eventName"], ids_of(event)) == ("REMOVE", ["expired"])
    assert record["userIdentity"] == {"type": "Service", "principalId": "dynamodb.amazonaws.com"}


FILTERED = [
    ("a-1", {"kind": {"S": "song"}, "rank": {"N": "100"}, "owner": {"M": {"name": {"S": "ANN"}}}}),
    ("a-2", {"kind": {"S": "draft"}, "rank": {"N": "1"}}),
    ("b-1", {"kind": {"S": "album"}, "owner": {"M": {"name": {"S": "Bob"}}}}),
    ("b-2", {"tags": {"L": [{"S": "x"}, {"S": "y"}]}, "ok": {"BOOL": True}}),
]


def image(**attributes):
    return {"dynamodb": {"NewImage": attributes}}


@pytest.mark.parametrize("patterns,passing", [
    ([{"dynamodb": {"Keys": {"id": {"S": [{"prefix": "a-"}]}}}}], ["a-1", "a-2"]),
    ([image(kind={"S": [{"anything-but": ["draft"]}]})], ["a-1", "b-1"]),
    ([image(owner={"M": {"name": {"S": [{"equals-ignore-case": "ann"}]}}})], ["a-1"]),
    ([image(rank={"N": [{"exists": False}]})], ["b-1", "b-2"]),
    ([image(rank={"N": ["100"]})], ["a-1"]),
    ([image(rank={"N": [{"numeric": [">", 0]}]})], []),
    ([{"dynamodb": {"SizeBytes": [{"numeric": [">", 0, "<", 10000]}]}}],
     ["a-1", "a-2", "b-1", "b-2"]),
    ([image(kind={"S": ["song"]}), image(ok={"BOOL": [True]})], ["a-1", "b-2"]),
    ([{"eventName": ["INSERT"], "$or": [image(kind={"S": ["draft"]}),
                                        {"dynamodb": {"Keys": {"id": {"S": [{"suffix": "b-2"}]}}}}]}],
     ["a-2", "b-2"]),
    ([image(tags={"L": {"S": ["y"]}})], ["b-2"]),
    ([{"eventName": ["REMOVE"]}], []),
])
def test_filters(feeding, patterns, passing):
    table = feeding.table()
    last = {"dynamodb": {"Keys": {"id": {"S": ["last"]}}}}
    mapping = feeding.feed(table, FilterCriteria={
        "Filters": [{"Pattern": json.dumps(pattern)} for pattern in [*patterns, last]]})
    for identity, attributes in FILTERED:
        feeding.put(table, identity, **attributes)
    feeding.put(table, "last")
    seen = mapping.notes.await_ids("last")
    assert [each for each in seen if each != "last"] == [
        each for each in passing if each != "last"]


def test_what_filters_drop_does_not_hold_up_progress(feeding, server):
    table = feeding.table()
    mapping = feeding.feed(table, FilterCriteria={"Filters": [{"Pattern": '{"eventName":["REMOVE"]}'}]})
    feeding.put_many(table, [f"dropped-{number}" for number in range(200)])
    await_that(lambda: statistics(server, mapping)["RecordsBehind"] == 0)
    assert mapping.notes.all() == []
    assert statistics(server, mapping)["Batches"] == 0
    feeding.client.delete_item(TableName=table, Key={"id": {"S": "dropped-7"}})
    assert mapping.notes.await_ids("dropped-7") == ["dropped-7"]


def test_batch_size(feeding):
    table = feeding.table()
    identities = [f"{number:03}" for number in range(100)]
    for identity in identities:
        feeding.put(table, identity)
    mapping = feeding.feed(table, BatchSize=30)
    assert mapping.notes.await_ids(*identities) == identities
    assert [len(batch) for batch in mapping.notes.batches()] == [30, 30, 30, 10]


def test_a_batch_waits_for_its_window_or_until_it_is_full(feeding):
    table = feeding.table()
    mapping = feeding.feed(table, BatchSize=3, MaximumBatchingWindowInSeconds=3)
    begun = time.time()
    feeding.put(table, "a")
    time.sleep(0.2)
    feeding.put(table, "b")
    (waited,) = mapping.notes.await_events(1)
    assert ids_of(waited) == ["a", "b"]
    # The window may begin a moment before the put is answered.
    assert mapping.notes.all()[0]["at"] - begun > 2.8
    begun = time.time()
    feeding.put(table, "c", "d", "e")
    assert ids_of(mapping.notes.await_events(2)[1]) == ["c", "d", "e"]
    assert mapping.notes.all()[1]["at"] - begun < 2.8


def test_six_megabytes_are_a_batch(feeding):
    table = feeding.table()
    identities = [f"{number:02}" for number in range(18)]
    for identity in identities:
        feeding.put(table, identity, body={"S": "x" * 390_000})
    mapping = feeding.feed(table)
    assert mapping.notes.await_ids(*identities) == identities
    assert [len(batch) for batch in mapping.notes.batches()] == [16, 2]
    for event in mapping.notes.events():
        assert len(json.dumps(event, separators=(",", ":"))) <= 6 * 1024 * 1024


WINDOW = '''
def answer(event, context):
    state = event["state"]
    state["ids"] = state.get("ids", []) + ids(event)
    return {"state": state}
'''


def test_a_tumbling_window_hands_on_its_state(feeding):
    table = feeding.table()
    arn = stream_arn(feeding.client, table)
    mapping = feeding.feed(table, WINDOW, BatchSize=2, TumblingWindowInSeconds=2)
    identities = [f"{number:02}" for number in range(8)]
    for identity in identities:
        feeding.put(table, identity)
        time.sleep(0.3)
    finals = await_that(lambda: (found := [
        event for event in mapping.notes.events() if event["isFinalInvokeForWindow"]])
        and sum((event["state"]["ids"] for event in found), []) == identities and found)
    assert len(finals) >= 2
    (shard,) = {event["shardId"] for event in mapping.notes.events()}
    assert shard.startswith("shardId-")
    state, window = {}, None
    for event in mapping.notes.events():
        assert event["eventSourceARN"] == arn and event["isWindowTerminatedEarly"] is False
        assert window is None or event["window"] == window
        assert event["state"] == state
        window = event["window"]
        start, end = (time.mktime(time.strptime(window[each], "%Y-%m-%dT%H:%M:%SZ"))
                      for each in ("start", "end"))
        assert (end - start, start % 2) == (2, 0)
        for record in event["Records"]:
            created = record["dynamodb"]["ApproximateCreationDateTime"]
            assert start <= created + time.timezone < end
        if event["isFinalInvokeForWindow"]:
            assert event["Records"] == []
            state, window = {}, None
        else:
            assert event["Records"]
            state = {"ids": state.get("ids", []) + ids_of(event)}
    assert window is None


SLOW_KEY = '''
def answer(event, context):
    for record in event["Records"]:
        image = record["dynamodb"]["NewImage"]
        time.sleep(float(image["sleep"]["N"]))
        while image["id"]["S"] == "slow" and not os.path.exists(os.environ["NOTES"] + ".go"):
            time.sleep(0.02)
        note(done=[image["id"]["S"], image["number"]["N"]], at=time.time())
'''


def done_of(notes):
    return [tuple(note["done"]) for note in notes.all() if "done" in note]


def test_parallel_batches_keep_the_order_of_each_key(feeding):
    table = feeding.table()
    mapping = feeding.feed(table, SLOW_KEY, BatchSize=5, ParallelizationFactor=5)
    wanted = []
    for number in range(10):
        for key in range(12):
            feeding.put(table, f"key-{key}", number={"N": str(number)}, sleep={"N": "0.005"})
            wanted.append((f"key-{key}", str(number)))
    await_that(lambda: len(done_of(mapping.notes)) >= len(wanted))
    done = done_of(mapping.notes)
    assert sorted(done) == sorted(wanted)
    for key in range(12):
        assert [number for each, number in done if each == f"key-{key}"] == [
            str(number) for number in range(10)]
    # Keys that were in one batch are of one lane.
    lanes = []
    for batch in mapping.notes.batches():
        joint = [lane for lane in lanes if lane & set(batch)]
        lanes = [lane for lane in lanes if lane not in joint] + [set(batch).union(*joint)]
    assert 1 < len(lanes) <= 5


def test_a_slow_key_holds_up_no_other_lane(feeding):
    table = feeding.table()
    mapping = feeding.feed(table, SLOW_KEY, BatchSize=1, ParallelizationFactor=5)
    feeding.put(table, "slow", number={"N": "0"}, sleep={"N": "0"})
    others = [f"other-{number}" for number in range(30)]
    for each in others:
        feeding.put(table, each, number={"N": "0"}, sleep={"N": "0"})
    # Those of the slow key's lane wait for it: a fifth of them, more or less.
    await_that(lambda: len(done_of(mapping.notes)) >= 12)
    assert ("slow", "0") not in done_of(mapping.notes)
    mapping.notes.path.with_suffix(".notes.go").touch()
    await_that(lambda: len(done_of(mapping.notes)) == 31)


class Writer(threading.Thread):
    """Puts one item after the other until it is told to end."""

    def __init__(self, server, table):
        super().__init__(daemon=True)
        self.client, self.table = make_client(server), table
        self.written = []  # ids, each with the moment at which its put began
        self.stopping = threading.Event()

    def run(self):
        while not self.stopping.is_set():
            identity, begun = f"{len(self.written):05}", time.monotonic()
            self.client.put_item(TableName=self.table, Item={"id": {"S": identity}})
            self.written.append((identity, begun))

    def ids_since(self, moment):
        return [identity for identity, begun in self.written if begun > moment]

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.join()


def test_latest_loses_nothing_once_it_is_enabled(feeding):
    table = feeding.table()
    made = []
    with Writer(feeding.server, table) as writer:
        await_that(lambda: len(writer.written) > 20)
        for _ in range(8):
            before = len(writer.written)
            mapping = feeding.feed(table, StartingPosition="LATEST")
            made.append((mapping.notes, time.monotonic(), before))
    last = writer.written[-1][0]
    for notes, enabled, before in made:
        seen = notes.await_ids(last)
        assert seen == [identity for identity, _ in writer.written][-len(seen):]
        assert set(writer.ids_since(enabled)) <= set(seen)
        # Nor does it begin with what was there long before.
        assert int(seen[0]) >= before - 1


def test_latest_of_a_table_that_is_being_split(feeding, server):
    table = feeding.table()
    made = []
    with Writer(server, table) as writer:
        for number in range(6):
            if number % 2 == 1:
                split(server, table)
            mapping = feeding.feed(table, StartingPosition="LATEST", ParallelizationFactor=1 + number % 3)
            made.append((mapping.notes, time.monotonic()))
    for notes, enabled in made:
        seen = notes.await_ids(*writer.ids_since(enabled))
        assert len(seen) == len(set(seen))


def test_mappings_do_not_notice_each_other(feeding):
    table = feeding.table()
    feeding.put(table, "old")
    horizon = feeding.feed(table)
    latest = feeding.feed(table, StartingPosition="LATEST")
    stuck = feeding.feed(table, "def answer(event, context):\n    raise ValueError('never')\n")
    feeding.put(table, "new")
    assert horizon.notes.await_ids("old", "new") == ["old", "new"]
    assert latest.notes.await_ids("new") == ["new"]
    stuck.await_result("PROBLEM: Function call failed")
    horizon.await_result("OK")
    latest.await_result("OK")


def test_replay(feeding, server):
    table = feeding.table()
    feeding.put(table, "a", "b")
    mapping = feeding.feed(table)
    assert mapping.notes.await_ids("a", "b") == ["a", "b"]
    time.sleep(1.1)  # times of records are whole seconds
    moment = int(time.time())
    feeding.put(table, "c")
    mapping.notes.await_ids("c")
    assert replay(server, mapping, "TRIM_HORIZON").status == 200
    await_that(lambda: mapping.notes.ids() == ["a", "b", "c"] * 2, mapping.notes.ids)
    assert replay(server, mapping, "AT_TIMESTAMP", StartingPositionTimestamp=moment).status == 200
    await_that(lambda: mapping.notes.ids() == ["a", "b", "c"] * 2 + ["c"], mapping.notes.ids)
    assert replay(server, mapping, "LATEST").status == 200
    feeding.put(table, "d")
    assert mapping.notes.await_ids("d") == ["a", "b", "c"] * 2 + ["c", "d"]


def test_replay_of_a_disabled_mapping(feeding, server):
    table = feeding.table()
    feeding.put(table, "a")
    mapping = feeding.feed(table)
    mapping.notes.await_ids("a")
    mapping.update(Enabled=False)
    assert replay(server, mapping, "TRIM_HORIZON").status == 200
    feeding.put(table, "b")
    time.sleep(0.3)
    assert mapping.notes.ids() == ["a"]
    mapping.update(Enabled=True)
    assert mapping.notes.await_ids("b") == ["a", "a", "b"]


def test_what_replay_refuses(feeding, server):
    table = feeding.table()
    mapping = feeding.feed(table)
    nobody = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
    for request in ({"UUID": nobody, "StartingPosition": "LATEST"},):
        answer = call(server, "ReplayEventSourceMapping", request, service=MILLRACE)
        assert (answer.status, answer.error[0]) == (400, "ResourceNotFoundException")
    for more in ({"position": "SOMEWHERE"}, {"position": "AT_TIMESTAMP"},
                 {"position": "LATEST", "StartingPositionTimestamp": 1},
                 {"position": "AT_TIMESTAMP", "StartingPositionTimestamp": -1},
                 {"position": "AT_TIMESTAMP", "StartingPositionTimestamp": 1e300}):
        answer = replay(server, mapping, **more)
        assert (answer.status, answer.error[0]) == (400, "ValidationException"), more
    answer = call(server, "DescribeTriggerStatistics", {"UUID": nobody}, service=MILLRACE)
    assert (answer.status, answer.error[0]) == (400, "ResourceNotFoundException")


def test_statistics_and_metrics(feeding, server):
    table = feeding.table()
    mapping = feeding.feed(table, '''
def answer(event, context):
    if "poison" in ids(event):
        raise ValueError("never")
''', MaximumRetryAttempts=1, BatchSize=2)
    assert statistics(server, mapping) == {
        "UUID": mapping.uuid, "RecordsBehind": 0, "Batches": 0, "Records": 0, "Failures": 0,
        "Retries": 0, "DiscardedRecords": 0, "LostRecords": 0}
    feeding.put(table, "a")
    mapping.notes.await_ids("a")
    feeding.put(table, "poison")
    await_that(lambda: statistics(server, mapping)["DiscardedRecords"] == 1)
    feeding.put(table, "b")
    mapping.notes.await_ids("b")
    await_that(lambda: statistics(server, mapping)["Records"] == 2)
    found = statistics(server, mapping)
    assert 0 <= found.pop("IteratorAgeMilliseconds") < 10_000
    assert found == {"UUID": mapping.uuid, "RecordsBehind": 0, "Batches": 2, "Records": 2,
                     "Failures": 2, "Retries": 1, "DiscardedRecords": 1, "LostRecords": 0}
    answer = get(server, "/metrics")
    assert answer.status == 200 and answer.headers["Content-Type"].startswith("text/plain")
    lines = answer.body.decode().splitlines()
    labels = (f'mapping="{mapping.uuid}",table="{table}",'
              f'function="{mapping.get()["FunctionArn"]}"')
    assert f"millrace_trigger_records_total{{{labels}}} 2" in lines
    assert f"millrace_trigger_discarded_records_total{{{labels}}} 1" in lines
    assert f"millrace_trigger_records_behind{{{labels}}} 0" in lines
    assert lines.count("# TYPE millrace_trigger_iterator_age_seconds gauge") == 1


def test_shards_are_split_while_they_are_fed(feeding, server):
    table = feeding.table()
    mapping = feeding.feed(table, BatchSize=7)
    client, wanted = feeding.client, []
    for number in range(60):
        if number in (15, 35):
            split(server, table)
        for key in range(4):
            client.put_item(TableName=table, Item={"id": {"S": f"{key}"}, "n": {"N": str(number)}})
            wanted.append((str(key), str(number)))

    def seen():
        return [(record["dynamodb"]["Keys"]["id"]["S"], record["dynamodb"]["NewImage"]["n"]["N"])
                for event in mapping.notes.events() for record in event["Records"]]

    await_that(lambda: len(seen()) >= len(wanted))
    assert sorted(seen()) == sorted(wanted)
    for key in range(4):
        assert [n for each, n in seen() if each == str(key)] == [str(n) for n in range(60)]
