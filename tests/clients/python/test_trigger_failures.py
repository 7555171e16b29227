"""Triggers whose function fails: what is tried again, what is split, what is given up and who is told."""

import json
import re
import time

import pytest

from fed_functions import Feeding, await_that, feeding, ids_of, statistics  # noqa: F401
from server import Server

POISON = '''
def answer(event, context):
    if "poison" in ids(event):
        raise ValueError("never")
'''
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ON_FAILURE = {"OnFailure": {"Destination": "arn:aws:s3:::failures"}}
REPORT = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tmp_path_factory.mktemp("data") / "data"


@pytest.fixture(scope="module")
def bucketed(data):
    """A server whose buckets the test can see."""
    with Server("--data", data) as server:
        yield server


@pytest.fixture
def fed(bucketed, tmp_path):
    made = Feeding(bucketed, tmp_path)
    yield made
    made.clear()


def objects(data, uuid):
    """The objects of a mapping by their keys, in order."""
    bucket = data / "buckets" / "failures"
    return {str(path.relative_to(bucket)): path.read_text()
            for path in sorted((bucket / "aws" / "lambda" / uuid).rglob("*")) if path.is_file()}


def test_one_poison_record_is_found_among_fifty(fed, data):
    table = fed.table()
    identities = [f"{number:02}" for number in range(49)]
    identities.insert(20, "poison")
    fed.put(table, *identities)
    mapping = fed.feed(table, POISON, BatchSize=50, BisectBatchOnFunctionError=True,
                       MaximumRetryAttempts=0, DestinationConfig=ON_FAILURE)
    ((key, text),) = await_that(lambda: objects(data, mapping.uuid)).items()
    await_that(lambda: statistics(fed.server, mapping)["RecordsBehind"] == 0)
    events = mapping.notes.events()
    good = [batch for batch in mapping.notes.batches() if "poison" not in batch]
    assert sum(good, []) == [each for each in identities if each != "poison"]
    bad = [event for event in events if "poison" in ids_of(event)]
    assert len(ids_of(bad[0])) == 50 and len(ids_of(bad[-1])) == 1 and len(bad) <= 7

    record = json.loads(text)
    (poison,) = bad[-1]["Records"]
    number = poison["dynamodb"]["SequenceNumber"]
    info = record["DDBStreamBatchInfo"]
    shard = info["shardId"]
    assert re.fullmatch(rf"aws/lambda/{mapping.uuid}/{shard}/\d{{4}}/\d\d/\d\d/"
                        rf"\d{{4}}-\d\d-\d\dT\d\d\.\d\d\.\d\d-{UUID}", key)
    created = poison["dynamodb"]["ApproximateCreationDateTime"]
    for each in ("approximateArrivalOfFirstRecord", "approximateArrivalOfLastRecord"):
        arrival = time.strptime(info.pop(each)[:19] + "Z", "%Y-%m-%dT%H:%M:%SZ")
        assert int(time.mktime(arrival) - time.timezone) == int(created)
    assert info == {"shardId": shard, "startSequenceNumber": number, "endSequenceNumber": number,
                    "batchSize": 1, "streamArn": poison["eventSourceARN"]}
    assert re.fullmatch(UUID, record["requestContext"].pop("requestId"))
    assert record["requestContext"] == {
        "functionArn": mapping.get()["FunctionArn"], "condition": "RetryAttemptsExhausted",
        "approximateInvokeCount": 1}
    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST",
                                         "functionError": "Unhandled"}
    assert record["version"] == "1.0"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", record["timestamp"])
    assert json.loads(record["payload"]) == {"Records": [poison]}


@pytest.mark.parametrize("attempts", [0, 1, 2])
@pytest.mark.parametrize("destination", [{}, ON_FAILURE])
def test_attempts(fed, data, attempts, destination):
    table = fed.table()
    fed.put(table, "poison", "with it")
    mapping = fed.feed(table, POISON, MaximumRetryAttempts=attempts, DestinationConfig=destination)
    await_that(lambda: statistics(fed.server, mapping)["DiscardedRecords"] == 2)
    fed.put(table, "after")
    mapping.notes.await_ids("after")
    assert mapping.notes.batches() == [["poison", "with it"]] * (attempts + 1) + [["after"]]
    mapping.await_result("OK")
    texts = list(objects(data, mapping.uuid).values())
    assert len(texts) == (1 if destination else 0)
    for text in texts:
        assert json.loads(text)["requestContext"]["approximateInvokeCount"] == attempts + 1


def test_without_a_bound_it_is_tried_until_it_succeeds(feeding):
    table = feeding.table()
    mapping = feeding.feed(table, '''
def answer(event, context):
    count = os.environ["NOTES"] + ".count"
    with open(count, "a") as file:
        file.write("x")
    if os.path.getsize(count) <= 4:
        raise ValueError("not yet")
''')
    feeding.put(table, "a")
    mapping.notes.await_events(1)
    feeding.put(table, "b")
    mapping.notes.await_ids("a", "b")
    assert mapping.notes.batches() == [["a"]] * 5 + [["b"]]


def test_a_function_is_a_destination(feeding):
    table = feeding.table()
    told, told_notes = feeding.function()
    arn = feeding.functions.get_function(FunctionName=told)["Configuration"]["FunctionArn"]
    mapping = feeding.feed(table, POISON, MaximumRetryAttempts=0,
                           DestinationConfig={"OnFailure": {"Destination": arn}})
    feeding.put(table, "poison")
    (record,) = told_notes.await_events(1)
    assert record["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert record["requestContext"]["functionArn"] == mapping.get()["FunctionArn"]
    assert record["DDBStreamBatchInfo"]["batchSize"] == 1
    assert "payload" not in record


def failures(*numbers):
    return f"{{'batchItemFailures': [{{'itemIdentifier': n}} for n in [{', '.join(numbers)}]]}}"


def reporting(first, later="None"):
    """Answers the first invocation so, and the others so."""
    return f'''
def answer(event, context):
    first = os.path.getsize(os.environ["NOTES"]) and open(os.environ["NOTES"]).read().count("\\n") == 1
    return {first} if first else {later}
'''


ABCD = ["a", "b", "c", "d"]


@pytest.mark.parametrize("answer,batches", [
    (failures("numbers(event)[2]"), [ABCD, ["c", "d"]]),
    (failures("numbers(event)[3]", "numbers(event)[1]"), [ABCD, ["b", "c", "d"]]),
    (failures("numbers(event)[0]"), [ABCD, ABCD]),
    (failures(), [ABCD]), ("None", [ABCD]), ("{}", [ABCD]),
    ("{'batchItemFailures': None}", [ABCD]), ("'text'", [ABCD]),
    (failures("'1'"), [ABCD, ABCD]), (failures("''"), [ABCD, ABCD]), (failures("None"), [ABCD, ABCD]),
    (failures("7"), [ABCD, ABCD]), ("{'batchItemFailures': [{'wrong': '1'}]}", [ABCD, ABCD]),
])
def test_reported_failures(feeding, answer, batches):
    table = feeding.table()
    feeding.put(table, *ABCD)
    mapping = feeding.feed(table, reporting(answer), **REPORT)
    mapping.notes.await_events(len(batches))
    feeding.put(table, "end")
    mapping.notes.await_ids("end")
    assert mapping.notes.batches() == [*batches, ["end"]]


def test_reports_are_of_no_account_where_they_are_not_asked_for(feeding):
    table = feeding.table()
    feeding.put(table, *ABCD)
    mapping = feeding.feed(table, reporting(failures("numbers(event)[2]")))
    mapping.notes.await_events(1)
    feeding.put(table, "end")
    mapping.notes.await_ids("end")
    assert mapping.notes.batches() == [ABCD, ["end"]]


def test_what_is_reported_again_and_again_is_given_up(fed, data):
    table = fed.table()
    fed.put(table, *ABCD)
    mapping = fed.feed(table, '''
def answer(event, context):
    bad = [r["dynamodb"]["SequenceNumber"] for r in event["Records"]
           if r["dynamodb"]["Keys"]["id"]["S"] == "b"]
    return {"batchItemFailures": [{"itemIdentifier": n} for n in bad]}
''', MaximumRetryAttempts=1, BisectBatchOnFunctionError=True, DestinationConfig=ON_FAILURE, **REPORT)
    (text,) = await_that(lambda: objects(data, mapping.uuid)).values()
    mapping.notes.await_ids("c", "d")
    await_that(lambda: statistics(fed.server, mapping)["RecordsBehind"] == 0)
    assert json.loads(text)["DDBStreamBatchInfo"]["batchSize"] == 1
    assert ids_of(json.loads(json.loads(text)["payload"])) == ["b"]
    assert [batch for batch in mapping.notes.batches() if batch == ["b"]] == [["b"]] * 2
    assert statistics(fed.server, mapping)["DiscardedRecords"] == 1
    assert [batch for batch in mapping.notes.batches() if "b" not in batch] == [["c", "d"]]


def test_a_throttled_function_loses_nothing(feeding, server):
    table = feeding.table()
    function, notes = feeding.function()
    feeding.functions.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)
    mapping = feeding.map(table, function, notes, MaximumRetryAttempts=0, BatchSize=1)
    feeding.put(table, *ABCD)
    mapping.await_result("PROBLEM: Concurrency limit exceeded")
    await_that(lambda: statistics(server, mapping)["Failures"] >= 3)
    assert notes.all() == [] and statistics(server, mapping)["DiscardedRecords"] == 0
    feeding.functions.delete_function_concurrency(FunctionName=function)
    assert notes.await_ids(*ABCD) == ABCD
    mapping.await_result("OK")


def test_lanes_share_what_a_function_has_reserved(feeding):
    table = feeding.table()
    function, notes = feeding.function("def answer(event, context):\n    time.sleep(0.01)\n")
    feeding.functions.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=1)
    identities = [f"{number:02}" for number in range(40)]
    feeding.put(table, *identities)
    mapping = feeding.map(table, function, notes, ParallelizationFactor=4, BatchSize=10,
                          MaximumRetryAttempts=0)
    assert sorted(notes.await_ids(*identities)) == identities
    assert statistics(feeding.server, mapping)["DiscardedRecords"] == 0


def test_mappings_share_what_the_server_may_run_at_once(tmp_path):
    with Server("--data", tmp_path / "data", "--functions-concurrency-max", "2") as server:
        feeding = Feeding(server, tmp_path)
        table = feeding.table()
        identities = [f"{number:02}" for number in range(60)]
        feeding.put(table, *identities)
        mappings = [feeding.feed(table, ParallelizationFactor=3, BatchSize=10, MaximumRetryAttempts=0)
                    for _ in range(2)]
        for mapping in mappings:
            assert sorted(mapping.notes.await_ids(*identities)) == identities


def test_a_failing_window_keeps_its_state(feeding):
    table = feeding.table()
    mapping = feeding.feed(table, '''
def answer(event, context):
    failed = os.environ["NOTES"] + ".failed"
    if "b" in ids(event) and not os.path.exists(failed):
        open(failed, "w").close()
        raise ValueError("once")
    return {"state": {"count": event["state"].get("count", 0) + len(event["Records"])}}
''', BatchSize=1, TumblingWindowInSeconds=1)
    feeding.put(table, *ABCD)

    def finals():
        return [event for event in mapping.notes.events() if event["isFinalInvokeForWindow"]]

    await_that(lambda: sum(event["state"].get("count", 0) for event in finals()) == 4)
    assert sorted(mapping.notes.ids()) == ["a", "b", "b", "c", "d"]


def test_a_state_that_is_too_large_ends_its_window_early(feeding):
    table = feeding.table()
    mapping = feeding.feed(table, '''
def answer(event, context):
    note(final=event["isFinalInvokeForWindow"], early=event["isWindowTerminatedEarly"],
         size=len(json.dumps(event["state"])))
    return {"state": "x" * 1_100_000}
''', BatchSize=1, TumblingWindowInSeconds=60)
    feeding.put(table, "a", "b")

    def finals():
        return [note for note in mapping.notes.all() if note.get("final")]

    await_that(lambda: len(finals()) >= 2)
    assert all(note["early"] for note in finals())
    assert mapping.notes.ids() == ["a", "b"]
    notes = [note for note in mapping.notes.all() if "final" in note]
    assert [note["final"] for note in notes] == [False, True] * 2


def test_a_window_without_a_state_in_the_answer_fails(feeding):
    table = feeding.table()
    mapping = feeding.feed(table, TumblingWindowInSeconds=60, MaximumRetryAttempts=1)
    feeding.put(table, "a")
    mapping.await_result("PROBLEM")
    await_that(lambda: statistics(feeding.server, mapping)["DiscardedRecords"] == 1)
    assert mapping.notes.batches() == [["a"]] * 2


def test_a_destination_that_is_not_there_is_waited_for(fed, data):
    table = fed.table()
    blocked = data / "buckets" / "blocked"
    blocked.parent.mkdir(exist_ok=True)
    blocked.write_text("no directory")
    mapping = fed.feed(table, POISON, MaximumRetryAttempts=0, DestinationConfig={
        "OnFailure": {"Destination": "arn:aws:s3:::blocked"}})
    fed.put(table, "poison")
    mapping.await_result("PROBLEM: The OnFailure destination could not be reached")
    fed.put(table, "after")
    time.sleep(0.3)
    assert mapping.notes.ids().count("after") == 0
    blocked.unlink()
    assert mapping.notes.await_ids("after") == ["poison", "after"]
    (found,) = [path for path in blocked.rglob("*") if path.is_file()]
    assert json.loads(found.read_text())["DDBStreamBatchInfo"]["batchSize"] == 1


def test_a_batch_of_a_window_that_is_given_up(fed, data):
    table = fed.table()
    mapping = fed.feed(table, '''
def answer(event, context):
    if event["isFinalInvokeForWindow"] or "poison" in ids(event):
        raise ValueError("never")
    return {"state": {}}
''', MaximumRetryAttempts=0, TumblingWindowInSeconds=1, BatchSize=1, DestinationConfig=ON_FAILURE)
    fed.put(table, "poison", "good")
    texts = await_that(lambda: len(found := objects(data, mapping.uuid)) >= 2 and list(found.values()))
    batches = [json.loads(json.loads(text)["payload"]) for text in texts]
    assert [ids_of(batch) for batch in batches if batch["Records"]] == [["poison"]]
    assert any(batch["isFinalInvokeForWindow"] for batch in batches)
    fed.put(table, "after")
    assert mapping.notes.await_ids("after") == ["poison", "good", "after"]


def test_deeply_nested_answers_are_failures_or_nothing(feeding):
    table = feeding.table()
    feeding.put(table, "a")
    mapping = feeding.feed(table, '''
def answer(event, context):
    deep = current = []
    for _ in range(900):
        current.append([])
        current = current[0]
    return {"batchItemFailures": deep}
''', MaximumRetryAttempts=0, **REPORT)
    mapping.await_result("PROBLEM: Function call failed")
    feeding.put(table, "b")
    mapping.notes.await_ids("b")


def test_a_mapping_is_deleted_and_made_again_while_it_fails(feeding):
    table = feeding.table()
    function, notes = feeding.function("def answer(event, context):\n    raise ValueError('never')\n")
    feeding.put(table, "a")
    for _ in range(5):
        mapping = feeding.map(table, function, notes)
        mapping.await_result("PROBLEM: Function call failed")
        begun = time.monotonic()
        mapping.delete()
        assert time.monotonic() - begun < 3
    count = len(notes.events())
    time.sleep(0.5)
    assert len(notes.events()) == count
