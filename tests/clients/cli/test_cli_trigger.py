"""`millrace trigger`: functions for the changes of a table, as a person adds and watches them."""

import json
import time

import pytest

from client_commands import SECONDS_MAX, Follower, millrace, streamed  # noqa: F401
from conftest import make_client, stream_arn
from credentials import ENFORCED
from iam_calls import policy
from roles import ROLE, make_role
from server import BINARY

PRINTS = """export const handler = async (event) => {
  for (const record of event.Records) console.log(`saw ${record.dynamodb.Keys.id.S}`);
};
"""


@pytest.fixture
def handler(tmp_path):
    file = tmp_path / "handler.mjs"
    file.write_text(PRINTS)
    return file


@pytest.fixture
def added(millrace, streamed, handler):
    millrace("trigger", "add", streamed, handler)
    yield f"{streamed}-handler"
    if millrace.run("trigger", "ls", streamed).stdout.count("\n") > 1:
        millrace("trigger", "rm", streamed, "--function")


def put(client, table, *ids):
    for one in ids:
        client.put_item(TableName=table, Item={"id": {"S": one}})


def listed(millrace, table):
    """The only trigger of the table, as the API has it."""
    one, = [mapping for mapping in json.loads(millrace("trigger", "ls", table, "--format", "json"))]
    return one


def await_log(millrace, target, *wanted):
    """Waits until the functions have printed all of `wanted`: all that they printed."""
    deadline = time.monotonic() + SECONDS_MAX
    while True:
        text = millrace("trigger", "logs", target, "--since", "1h")
        if all(f"saw {one}\n" in text for one in wanted):
            return text
        assert time.monotonic() < deadline, text
        time.sleep(0.1)


def test_add_runs_the_function_for_every_change(millrace, client, streamed, handler):
    said = millrace("trigger", "add", streamed, handler)
    name = f"{streamed}-handler"
    uuid = listed(millrace, streamed)["UUID"]
    assert said == (f"+ role {name}: AWSLambdaDynamoDBExecutionRole\n"
                    f"+ function {name}: nodejs20.x, handler.handler\n"
                    f"+ trigger {streamed} → {name}\n"
                    f"  Enabled {uuid}, follows {stream_arn(client, streamed)}\n")
    put(client, streamed, "one", "two")
    text = await_log(millrace, streamed, "one", "two")
    assert text.index("saw one") < text.index("saw two")
    assert "START RequestId: " in text and "REPORT RequestId: " in text
    millrace("trigger", "rm", streamed, "--function")


def test_the_role_of_a_function_comes_and_goes_with_it(millrace, server, client, streamed, handler):
    iam = make_client(server, "iam")
    name = f"{streamed}-handler"
    millrace("trigger", "add", streamed, handler)
    role = iam.get_role(RoleName=name)["Role"]
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {
        "Service": "lambda.amazonaws.com"}
    function = make_client(server, "lambda").get_function_configuration(FunctionName=name)
    assert function["Role"] == role["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="more", PolicyDocument=policy(
        action="dynamodb:*"))
    again = millrace("trigger", "add", streamed, handler, "--timeout", "5")
    assert "role" not in again
    assert iam.list_role_policies(RoleName=name)["PolicyNames"] == ["more"]
    assert millrace("trigger", "rm", streamed, "--function").endswith(
        f"- function {name}\n- role {name}\n")
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_role(RoleName=name)


def test_a_role_that_is_named_is_the_persons(millrace, server, streamed, handler):
    make_role(server)
    said = millrace("trigger", "add", streamed, handler, "--role", ROLE)
    assert "+ role" not in said
    assert "- role" not in millrace("trigger", "rm", streamed, "--function")
    assert make_client(server, "iam").get_role(RoleName="test")["Role"]["Arn"] == ROLE


@pytest.mark.skipif(not ENFORCED, reason="in open mode anybody may do anything")
def test_who_may_not_make_roles_names_one(millrace, server, client, streamed, handler):
    make_role(server)
    iam = make_client(server, "iam")
    user = f"{streamed}-user"
    iam.create_user(UserName=user)
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=policy(
        action=["dynamodb:*", "lambda:*", "logs:*", "iam:PassRole"]))
    key = iam.create_access_key(UserName=user)["AccessKey"]
    variables = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"],
                 "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    text = millrace.refusal("trigger", "add", streamed, handler, **variables)
    assert "GetRole: AccessDenied: " in text and text.endswith(
        ". Name a role that is there with --role\n")
    assert "+ trigger" in millrace("trigger", "add", streamed, handler, "--role", ROLE, **variables)
    millrace("trigger", "rm", streamed, "--function", **variables)


def test_add_again_changes_only_what_differs(millrace, streamed, handler, added):
    again = millrace("trigger", "add", streamed, handler)
    assert [line[0] for line in again.splitlines()] == ["=", "=", " "]
    uuid = listed(millrace, streamed)["UUID"]
    handler.write_text(PRINTS + "// changed\n")
    changed = millrace("trigger", "add", streamed, handler, "--batch-size", "7", "--bisect",
                       "--env", "MODE=1", "--filter", '{"eventName": ["INSERT"]}')
    assert changed.startswith(f"~ function {added}: nodejs20.x, handler.handler\n")
    for line in ("    Environment.MODE: (none) → 1\n", "    Code: changed\n", "    BatchSize: 100 → 7\n",
                 "    BisectBatchOnFunctionError: false → true\n"):
        assert line in changed
    mapping = listed(millrace, streamed)
    assert (mapping["UUID"], mapping["BatchSize"]) == (uuid, 7)
    assert mapping["FilterCriteria"] == {"Filters": [{"Pattern": '{"eventName":["INSERT"]}'}]}
    cleared = millrace("trigger", "add", streamed, handler, "--filter", "none", "--no-bisect")
    assert "    BisectBatchOnFunctionError: true → false\n" in cleared
    mapping = listed(millrace, streamed)
    assert "FilterCriteria" not in mapping and mapping["BatchSize"] == 7


def test_add_follows_the_table_to_its_next_stream(millrace, client, streamed, added):
    for enabled in (False, True):
        client.update_table(TableName=streamed, StreamSpecification={
            "StreamEnabled": enabled, **({"StreamViewType": "NEW_IMAGE"} if enabled else {})})
    put(client, streamed, "after")
    await_log(millrace, streamed, "after")
    assert listed(millrace, streamed)["EventSourceArn"] == stream_arn(client, streamed)


def test_add_enables_a_stream_when_told_to(millrace, client, table, handler):
    assert millrace.refusal("trigger", "add", table, handler) == (
        f"millrace: table '{table}' has no stream: --enable-stream enables one with "
        "NEW_AND_OLD_IMAGES, or with what --view-type says\n")
    said = millrace("trigger", "add", table, handler, "--enable-stream", "--view-type", "KEYS_ONLY")
    assert said.startswith(f"+ stream of {table}: {stream_arn(client, table)} with KEYS_ONLY\n")
    millrace("trigger", "rm", table, "--function")


def test_add_takes_a_directory_and_a_function_that_is_there(millrace, client, streamed, tmp_path):
    code = tmp_path / "work"
    code.mkdir()
    (code / "index.py").write_text("import texts\n\n\ndef handler(event, context):\n"
                                   "    for record in event['Records']:\n"
                                   "        print(texts.SAW, record['dynamodb']['Keys']['id']['S'])\n")
    (code / "texts.py").write_text("SAW = 'saw'\n")
    said = millrace("trigger", "add", streamed, code, "--disabled")
    assert f"+ function {streamed}-work: python3.11, index.handler\n" in said
    assert "  Disabled " in said
    put(client, streamed, "p")
    said = millrace("trigger", "add", streamed, f"{streamed}-work", "--enabled")
    assert "Enabled: false → true" in said
    put(client, streamed, "q")
    await_log(millrace, f"{streamed}-work", "q")
    millrace("trigger", "rm", streamed, "--function")


def test_ls(millrace, client, streamed, added):
    millrace("trigger", "add", streamed, added, "--batch-size", "5",
             "--report-batch-item-failures")
    header, row = millrace("trigger", "ls", streamed).splitlines()
    assert header.split() == ["TABLE", "FUNCTION", "STATE", "LAST", "RESULT", "LAG", "SETTINGS",
                              "UUID"]
    for cell in (streamed, added, "Enabled", "0 records", "BatchSize=5 ReportBatchItemFailures",
                 listed(millrace, streamed)["UUID"]):
        assert cell in row
    assert row in millrace("trigger", "ls")


def test_pause_resume_and_replay(millrace, client, streamed, added):
    put(client, streamed, "first")
    await_log(millrace, streamed, "first")
    assert millrace("trigger", "pause", streamed).endswith(": Disabled\n")
    put(client, streamed, "second")
    time.sleep(0.5)
    assert "saw second" not in millrace("trigger", "logs", streamed)
    assert millrace("trigger", "resume", added).endswith(": Enabled\n")
    await_log(millrace, streamed, "second")
    millrace("trigger", "replay", streamed, "--from", "trim-horizon")
    deadline = time.monotonic() + SECONDS_MAX
    while millrace("trigger", "logs", streamed).count("saw first\n") < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_logs_are_followed(millrace, client, streamed, added):
    command = [BINARY, "trigger", "logs", streamed, "-f", "--format", "json"]
    with Follower(command, millrace.environment) as follower:
        for number in range(20):
            put(client, streamed, str(number))
        saw = []
        while len(saw) < 20:
            event = follower.take()
            if event["message"].startswith(("saw", "20")) and "saw " in event["message"]:
                saw.append(event["message"].split("saw ")[1].strip())
        assert saw == [str(number) for number in range(20)]
        status, said = follower.interrupt()
        assert said == "" and status in (-2, 130)


def test_rm(millrace, client, streamed, handler):
    millrace("trigger", "add", streamed, handler)
    uuid = listed(millrace, streamed)["UUID"]
    assert millrace("trigger", "rm", uuid) == \
        f"- trigger {streamed} → {streamed}-handler ({uuid})\n"
    assert millrace("trigger", "ls", streamed).count("\n") == 1
    again = millrace("trigger", "add", streamed, handler)
    assert again.startswith("= function") and "+ trigger" in again
    assert millrace("trigger", "rm", streamed, "--function").endswith(
        f"- function {streamed}-handler\n- role {streamed}-handler\n")
    assert "neither a path nor a function" in \
        millrace.refusal("trigger", "add", streamed, f"{streamed}-handler")


def test_invoke(millrace, streamed, tmp_path):
    file = tmp_path / "f.py"
    file.write_text("def handler(event, context):\n    print('hello')\n    return 6 / event['n']\n")
    millrace("trigger", "add", streamed, file)
    name = f"{streamed}-f"
    result = millrace.run("trigger", "invoke", name, "--payload", '{"n": 3}')
    assert (result.returncode, result.stdout) == (0, "2.0\n")
    assert "hello" in result.stderr
    result = millrace.run("trigger", "invoke", name, "--payload", '{"n": 0}')
    assert result.returncode == 1 and "ZeroDivisionError" in result.stdout
    assert result.stderr.endswith(f"millrace: function {name} failed: Unhandled\n")
    millrace("trigger", "rm", streamed, "--function")


@pytest.mark.parametrize("arguments, said", [
    (("add", "nope", "."), "Requested resource not found: Table: nope not found"),
    (("pause", "nope"), "no trigger belongs to a table or a function called 'nope'"),
    (("logs", "nope"), "no trigger belongs to a table or a function called 'nope'"),
    (("invoke", "nope"), "Function not found: arn:aws:lambda:"),
    (("ls", "--endpoint-url", "http://127.0.0.1:1"), "Connection refused"),
])
def test_failures_are_said(millrace, arguments, said):
    text = millrace.refusal("trigger", *arguments)
    assert text.startswith("millrace: ") and said in text and text.count("\n") == 1


def test_settings_that_the_server_refuses(millrace, streamed, added):
    assert "InvalidParameterValueException" in \
        millrace.run("trigger", "add", streamed, added, "--parallelization-factor", "2",
                     "--tumbling-window", "10").stderr
    assert "--filter: '[1]' is not a JSON object" in \
        millrace.refusal("trigger", "add", streamed, added, "--filter", "[1]")


@pytest.mark.parametrize("arguments", [
    (), ("add",), ("add", "t"), ("add", "t", "f", "--batch-size", "x"),
    ("add", "t", "f", "--starting-position", "middle"), ("add", "t", "f", "--view-type", "X"),
    ("replay", "t"), ("replay", "t", "--from", "yesterday"), ("logs", "t", "--since", "soon"),
    ("ls", "--format", "xml"),
])
def test_what_is_not_understood(millrace, arguments):
    result = millrace.run("trigger", *arguments)
    assert result.returncode == 2 and result.stderr and not result.stdout
