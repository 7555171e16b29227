"""Tags of tables: their rules, and that they stay."""

import threading

import pytest

from conftest import create_table, make_client, refused
from server import Server
from wire import call

TOO_MANY = "Number of Tags exceed the current limit for the provided ResourceArn"


def arn_of(client, table):
    return client.describe_table(TableName=table)["Table"]["TableArn"]


def tags(client, arn):
    answer = client.list_tags_of_resource(ResourceArn=arn)
    assert "NextToken" not in answer
    found = {tag["Key"]: tag["Value"] for tag in answer["Tags"]}
    assert len(found) == len(answer["Tags"])
    return found


def tag(client, arn, **pairs):
    client.tag_resource(ResourceArn=arn, Tags=as_list(pairs))


def as_list(pairs):
    return [{"Key": key, "Value": value} for key, value in pairs.items()]


def numbered(count):
    return {f"key-{number:02}": str(number) for number in range(count)}


@pytest.fixture
def arn(client, table):
    return arn_of(client, table)


def test_tag_list_untag(client, table, arn):
    assert tags(client, arn) == {}
    tag(client, arn, env="test", Env="", team="platform")
    assert tags(client, arn) == {"env": "test", "Env": "", "team": "platform"}
    tag(client, arn, env="production")
    client.untag_resource(ResourceArn=arn, TagKeys=["team", "absent", "team"])
    assert tags(client, arn) == {"env": "production", "Env": ""}
    assert "Tags" not in client.describe_table(TableName=table)["Table"]


def test_changes_answer_without_a_body(server, arn):
    for operation, change in (("TagResource", {"Tags": as_list({"a": "b"})}),
                              ("UntagResource", {"TagKeys": ["a"]})):
        answer = call(server, operation, {"ResourceArn": arn, **change})
        assert (answer.status, answer.body) == (200, b"")


def test_create_table_with_tags(client, name):
    create_table(client, name, Tags=as_list(numbered(50)))
    assert tags(client, arn_of(client, name)) == numbered(50)
    client.delete_table(TableName=name)
    create_table(client, name, Tags=[])
    assert tags(client, arn_of(client, name)) == {}, "tags go with their table"


@pytest.mark.parametrize("bad,message", [
    ([{"Key": "aws:foo", "Value": "x"}], "Tag Key cannot be prefixed with aws:, Key: aws:foo"),
    (as_list(numbered(51)), TOO_MANY),
    ([{}], "The Tag Key provided is invalid, Key: null"),
    ([{"Key": "k"}], "The Tag Value provided is invalid, Value: null"),
    ([{"Key": "", "Value": "v"}], "The Tag Key provided is invalid, Key: "),
    ([{"Key": "k" * 129, "Value": "v"}], "The Tag Key provided is invalid, Key: " + "k" * 129),
    ([{"Key": "k", "Value": "v" * 257}], "The Tag Value provided is invalid, Value: " + "v" * 257),
    ([{"Key": "bad#char", "Value": "v"}], "The Tag Key provided is invalid, Key: bad#char"),
    ([{"Key": "k", "Value": "100%"}], "The Tag Value provided is invalid, Value: 100%"),
    ([{"Key": "good", "Value": "v"}, {"Key": "k", "Value": "🔑"}],
     "The Tag Value provided is invalid, Value: 🔑"),
    ([{"Key": "dup", "Value": "1"}, {"Key": "dup", "Value": "1"}],
     "Duplicate Tag Keys provided as input: Duplicate Tag Key found dup"),
])
def test_bad_tags(server, client, arn, name, bad, message):
    expected = ("ValidationException", message)
    assert call(server, "TagResource", {"ResourceArn": arn, "Tags": bad}).error == expected
    assert tags(client, arn) == {}
    assert call(server, "CreateTable", {
        "TableName": name, "BillingMode": "PAY_PER_REQUEST", "Tags": bad,
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}).error == expected


def test_longest_tags(client, arn):
    longest = {"k" * 128: "v" * 256, "ключ": "表", " a+b-c=d.e_f:g/h@i": " "}
    tag(client, arn, **longest)
    assert tags(client, arn) == longest


@pytest.mark.parametrize("keys,message", [
    ([], "Atleast one Tag Key needs to be provided as Input."),
    ([""], "The Tag Key provided is invalid, Key: "),
    (["k" * 129], "The Tag Key provided is invalid, Key: " + "k" * 129),
    (["good", "aws:foo"], "Tag Key cannot be prefixed with aws:, Key: aws:foo"),
    (list(numbered(51)), TOO_MANY),
])
def test_bad_keys(server, client, arn, keys, message):
    tag(client, arn, good="x")
    answer = call(server, "UntagResource", {"ResourceArn": arn, "TagKeys": keys})
    assert answer.error == ("ValidationException", message)
    assert tags(client, arn) == {"good": "x"}


def test_fifty_tags_are_counted_after_the_change(client, arn):
    tag(client, arn, **numbered(49))
    tag(client, arn, last="x")
    for more in ({"one": "too many"}, {"last": "y", "one": "too many"}, numbered(51)):
        with refused("ValidationException", TOO_MANY):
            tag(client, arn, **more)
    assert tags(client, arn) == {**numbered(49), "last": "x"}
    tag(client, arn, **{key: "new" for key in numbered(49)}, last="new")
    assert set(tags(client, arn).values()) == {"new"}


def test_tags_at_the_same_time(client, arn):
    threads = [threading.Thread(target=tag, args=(client, arn), kwargs={f"key-{number}": "x"})
               for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tags(client, arn) == {f"key-{number}": "x" for number in range(40)}


OPERATIONS = [("TagResource", {"Tags": [{"Key": "a", "Value": "b"}]}),
              ("UntagResource", {"TagKeys": ["a"]}), ("ListTagsOfResource", {})]


@pytest.mark.parametrize("operation,rest", OPERATIONS)
@pytest.mark.parametrize("change,code,message", [
    (lambda arn: None, "ValidationException", "Invalid TableArn"),
    (lambda arn: "name", "ValidationException",
     "One or more parameter values were invalid: ARNs must start with 'arn:': {}"),
    (lambda arn: "", "ValidationException",
     "One or more parameter values were invalid: ARNs must start with 'arn:': {}"),
    (lambda arn: "arn:aws:dynamodb:here", "ValidationException",
     "One or more parameter values were invalid: "
     "Fourth colon (region/namespace delimiter) not found: {}"),
    (lambda arn: "a:b:c:d:e:f/g", "ValidationException",
     "Invalid TableArn: Invalid ResourceArn provided as input {}"),
    (lambda arn: arn.rpartition("/")[0] + "/ab", "ValidationException",
     "Invalid TableArn: Invalid ResourceArn provided as input {}"),
    (lambda arn: arn + "/index/gsi", "ValidationException",
     "Invalid TableArn: Invalid ResourceArn provided as input {}"),
    (lambda arn: arn.replace("us-east-1", "us-west-2"), "ValidationException",
     "Invalid TableArn: Invalid ResourceArn provided as input {}"),
    (lambda arn: ":".join([*arn.split(":")[:4], "999999999999", arn.split(":")[5]]),
     "AccessDeniedException", "Access is denied"),
    (lambda arn: arn + "x", "ResourceNotFoundException",
     "Requested resource not found: ResourcArn: {} not found"),
])
def test_bad_arns(server, arn, operation, rest, change, code, message):
    bad = change(arn)
    answer = call(server, operation, {"ResourceArn": bad, **rest})
    expected = message.format(bad)
    if operation == "UntagResource" and code == "ResourceNotFoundException":
        expected = "Requested resource not found"
    assert (answer.status, *answer.error) == (400, code, expected)


@pytest.mark.parametrize("operation,member", [("TagResource", "tags"),
                                              ("UntagResource", "tagKeys")])
def test_missing_list(server, arn, operation, member):
    assert call(server, operation, {"ResourceArn": arn}).error == (
        "ValidationException", f"1 validation error detected: Value null at '{member}' failed to "
        "satisfy constraint: Member must not be null")


def test_empty_tags(client, arn):
    with refused("ValidationException", "Atleast one Tag needs to be provided as Input."):
        client.tag_resource(ResourceArn=arn, Tags=[])


def test_tokens_are_never_given_out(client, arn):
    with refused("ValidationException"):
        client.list_tags_of_resource(ResourceArn=arn, NextToken="x")


def test_tags_survive_a_restart_and_an_update(tmp_path):
    with Server("--data", tmp_path / "data") as first:
        client = make_client(first)
        create_table(client, "kept", Tags=as_list({"created": "with", "removed": "later"}))
        arn = arn_of(client, "kept")
        tag(client, arn, ключ="значение", empty="")
        client.untag_resource(ResourceArn=arn, TagKeys=["removed"])
        client.update_table(TableName="kept", TableClass="STANDARD_INFREQUENT_ACCESS")
    with Server("--data", tmp_path / "data") as second:
        assert tags(make_client(second), arn) == {
            "created": "with", "ключ": "значение", "empty": ""}
