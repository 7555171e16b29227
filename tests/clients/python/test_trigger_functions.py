"""Functions of every runtime fed by triggers, and functions that behave badly: no other one notices."""

import pathlib

import pytest

from conftest import make_client
from fed_functions import Feeding, await_that, feeding, statistics  # noqa: F401
from lambda_functions import zip_of
from server import Server

NODE = '''
const line = (event) => JSON.stringify({event, at: Date.now() / 1000}) + "\\n";
'''
MODULE = f'''import fs from "node:fs";{NODE}'''
COMMON = f'''const fs = require("node:fs");{NODE}'''
BASH = r'''#!/bin/bash
set -eu
url="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
  event=$(curl -sS -D "$TMPDIR/headers" "$url/next")
  request=$(grep -i '^lambda-runtime-aws-request-id:' "$TMPDIR/headers" | tr -d '\r' | cut -d' ' -f2)
  printf '{"event":%s,"at":0}\n' "$event" >> "$NOTES"
  curl -sS -o /dev/null -d '{"batchItemFailures":[]}' "$url/$request/response"
done
'''
RUNTIMES = {
    "node, ESM, async": ("nodejs20.x", "index.handler", {"index.mjs": MODULE + '''
export const handler = async (event) => { fs.appendFileSync(process.env.NOTES, line(event)); };
'''}),
    "node, ESM, by package.json": ("nodejs22.x", "lib/index.handler", {
        "package.json": '{"type": "module"}', "lib/index.js": MODULE + '''
export async function handler(event) {
  await fs.promises.appendFile(process.env.NOTES, line(event));
  return {batchItemFailures: []};
}
'''}),
    "node, CommonJS, async": ("nodejs20.x", "index.handler", {"index.js": COMMON + '''
exports.handler = async (event) => fs.appendFileSync(process.env.NOTES, line(event));
'''}),
    "node, CommonJS, callback": ("nodejs20.x", "index.handler", {"index.cjs": COMMON + '''
exports.handler = (event, context, callback) => {
  setTimeout(() => fs.appendFile(process.env.NOTES, line(event), () => callback(null, {})), 10);
};
'''}),
    "bash": ("provided.al2023", "any", {"bootstrap": BASH}),
}


def test_python_is_fed_in_its_own_processes(feeding):
    table = feeding.table()
    mapping = feeding.feed(table, '''
def answer(event, context):
    note(pid=os.getpid(), name=context.function_name, left=context.get_remaining_time_in_millis(),
         root=os.environ["LAMBDA_TASK_ROOT"] == os.getcwd())
''', BatchSize=1)
    feeding.put(table, "a", "b", "c")
    mapping.notes.await_ids("a", "b", "c")
    facts = await_that(lambda: len(found := [n for n in mapping.notes.all() if "pid" in n]) == 3 and found)
    assert len({fact["pid"] for fact in facts}) == 1  # it is reused while it is warm
    for fact in facts:
        assert (fact["name"], fact["root"]) == (mapping.function, True)
        assert 0 < fact["left"] <= 20_000


@pytest.mark.parametrize("kind", RUNTIMES)
def test_every_runtime_is_fed(feeding, kind):
    runtime, handler, files = RUNTIMES[kind]
    code = zip_of({name: text.encode() for name, text in files.items()})
    table = feeding.table()
    function, notes = feeding.function(Runtime=runtime, Handler=handler, Code={"ZipFile": code})
    identities = [f"{number:02}" for number in range(20)]
    feeding.put(table, *identities, text={"S": "Grüße \"🎵\" \\"})
    feeding.map(table, function, notes, BatchSize=8, FunctionResponseTypes=["ReportBatchItemFailures"])
    assert notes.await_ids(*identities) == identities
    assert [len(batch) for batch in notes.batches()] == [8, 8, 4]
    record = notes.events()[0]["Records"][0]
    assert record["dynamodb"]["NewImage"]["text"] == {"S": "Grüße \"🎵\" \\"}


def test_a_failed_batch_of_node_is_tried_again(feeding):
    table = feeding.table()
    function, notes = feeding.function(
        Runtime="nodejs20.x", Handler="index.handler", Code={"ZipFile": zip_of({"index.js": (
            COMMON + '''
exports.handler = (event, context, callback) => {
  fs.appendFileSync(process.env.NOTES, line(event));
  const count = fs.readFileSync(process.env.NOTES, "utf8").split("\\n").length - 1;
  if (count === 1) return callback(new Error("not yet"));
  if (count === 2) throw new Error("nor now");
  if (count === 3) process.exit(1);
  callback(null);
};
''').encode()})})
    feeding.put(table, "a")
    mapping = feeding.map(table, function, notes)
    notes.await_events(4)
    mapping.await_result("OK")
    assert notes.batches() == [["a"]] * 4


def test_a_function_writes_to_the_table_of_another_trigger(feeding):
    """Its SDK reaches this server; what it writes is the next trigger's event."""
    sources, copies = feeding.table(), feeding.table()
    copier = feeding.feed(sources, f'''
import boto3
dynamodb = boto3.client("dynamodb", endpoint_url=os.environ["AWS_ENDPOINT_URL"])


def answer(event, context):
    for identity in ids(event):
        dynamodb.put_item(TableName="{copies}", Item={{"id": {{"S": "copy of " + identity}}}})
''')
    reader = feeding.feed(copies)
    feeding.put(sources, "a", "b")
    reader.notes.await_ids("copy of a", "copy of b")
    assert set(copier.notes.ids()) == {"a", "b"}


def test_the_log_tells_of_every_batch(feeding):
    table = feeding.table()
    mapping = feeding.feed(table, '''
def answer(event, context):
    print("fed with", *ids(event))
''', BatchSize=1)
    feeding.put(table, "a", "b")
    logs = make_client(feeding.server, "logs")

    def messages():
        try:
            events = logs.filter_log_events(logGroupName=f"/aws/lambda/{mapping.function}")["events"]
        except logs.exceptions.ResourceNotFoundException:
            return []
        return [event["message"].strip() for event in events]

    await_that(lambda: sum(each.startswith("REPORT") for each in messages()) == 2, messages)
    lines = [each for each in messages() if not each.startswith("INIT_START")]
    assert [each.split()[0] for each in lines] == ["START", "fed", "END", "REPORT"] * 2
    assert [each for each in lines if each.startswith("fed")] == ["fed with a", "fed with b"]


def resident_bytes(server):
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) * 1024


# What it does, and what it does it with.
BAD = {
    "never answers": ("time.sleep(1000)", {"Timeout": 1}),
    "does not even begin": ("", {"Handler": "index.nothing"}),
    "floods its log": ('''
    begun = time.time()
    while time.time() < begun + 1.5:
        os.write(1, b"x" * 65535 + b"\\n")
    raise ValueError("and fails")''', {"Timeout": 10}),
    "floods without a line's end": ('''
    begun = time.time()
    while time.time() < begun + 1.5:
        os.write(1, b"x" * 65536)
    raise ValueError("and fails")''', {"Timeout": 10}),
    "forks": ('''
    for _ in range(20):
        if os.fork() == 0:
            note(child=os.getpid())
            time.sleep(1000)
    time.sleep(1000)''', {"Timeout": 1}),
    "answers 7 MB": ('return {"state": "x" * 7_000_000}', {}),
    "answers nonsense, and dies": ('''
    import socket
    host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(
            f"POST /2018-06-01/runtime/invocation/{context.aws_request_id}/response HTTP/1.1\\r\\n"
            "Host: localhost\\r\\nContent-Length: 1000000\\r\\n\\r\\nhalf of it".encode())
        os._exit(0)''', {}),
    "kills itself": ("os.kill(os.getpid(), 9)", {}),
    "eats all memory": ('''
    eaten = []
    while True:
        eaten.append(bytearray(os.urandom(1 << 16)) * 256)''', {"MemorySize": 128, "Timeout": 20}),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_function_is_its_own_mappings_problem(feeding, server, kind):
    does, options = BAD[kind]
    table = feeding.table()
    function, notes = feeding.function(f"def answer(event, context):\n    {does.strip()}\n", **options)
    bad = feeding.map(table, function, notes, MaximumRetryAttempts=1, BatchSize=1)
    good = feeding.feed(table, BatchSize=1)
    before = resident_bytes(server)
    feeding.put(table, "first")
    good.notes.await_ids("first", seconds_max=15)
    bad.await_result("PROBLEM: Function call failed")
    feeding.put(table, "second")
    good.notes.await_ids("second", seconds_max=15)
    found = await_that(lambda: (now := statistics(server, bad))["DiscardedRecords"] >= 1 and now)
    assert (found["Records"], found["Failures"] >= 2) == (0, True)
    assert good.notes.ids() == ["first", "second"]
    good.await_result("OK")
    assert resident_bytes(server) - before < 150_000_000
    children = [note["child"] for note in notes.all() if "child" in note]
    await_that(lambda: sum(pathlib.Path(f"/proc/{pid}").exists() for pid in children[:20]) == 0)


def test_a_stop_waits_for_what_is_under_way(tmp_path):
    data = tmp_path / "data"
    with Server("--data", data) as server:
        feeding = Feeding(server, tmp_path)
        table = feeding.table()
        mapping = feeding.feed(table, """
def answer(event, context):
    time.sleep(1)
    note(pid=os.getpid())
""", BatchSize=1)
        feeding.put(table, "a", "b")
        mapping.notes.await_ids("a")
    (fact,) = [note for note in mapping.notes.all() if "pid" in note]
    await_that(lambda: not pathlib.Path(f"/proc/{fact['pid']}").exists(), seconds_max=5)
    with Server("--data", data):
        assert mapping.notes.await_ids("b") == ["a", "b"]
