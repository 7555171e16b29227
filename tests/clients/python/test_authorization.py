"""What policies allow and deny, over real calls to a server that enforces them."""

import itertools
import json

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.config
import botocore.credentials
import botocore.exceptions
import pytest

import wire
from conftest import create_table
from server import Server

ROOT = ("AKIAROOTROOTROOTROOT", "root/secret+of/the+tests+1234567890abcdef")
ACCOUNT = "000000000000"
TABLES = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/"
COUNTER = itertools.count(1)


@pytest.fixture(scope="module")
def enforced(tmp_path_factory):
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MILLRACE_ROOT_ACCESS_KEY_ID", ROOT[0])
        environment.setenv("MILLRACE_ROOT_SECRET_ACCESS_KEY", ROOT[1])
        with Server("--data", tmp_path_factory.mktemp("enforced") / "data", "--auth") as running:
            yield running


def client_of(server, service, keys):
    config = botocore.config.Config(retries={"max_attempts": 0})
    return boto3.client(service, endpoint_url=server.endpoint, region_name="us-east-1",
                        aws_access_key_id=keys[0], aws_secret_access_key=keys[1], config=config)


@pytest.fixture(scope="module")
def root(enforced):
    return client_of(enforced, "dynamodb", ROOT)


@pytest.fixture(scope="module")
def iam(enforced):
    return client_of(enforced, "iam", ROOT)


@pytest.fixture(scope="module")
def scores(root):
    """Every player's items under the name of the player, an index by title, a stream."""
    create_table(root, "scores", "player:S title:S",
                 StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
                 LocalSecondaryIndexes=[{
                     "IndexName": "by-title", "Projection": {"ProjectionType": "ALL"},
                     "KeySchema": [{"AttributeName": "player", "KeyType": "HASH"},
                                   {"AttributeName": "title", "KeyType": "RANGE"}]}],
                 Tags=[{"Key": "team", "Value": "games"}])
    create_table(root, "other", "id:S")
    for player in ("alice", "bob"):
        root.put_item(TableName="scores", Item={
            "player": {"S": player}, "title": {"S": "chess"}, "points": {"N": "7"},
            "secret": {"S": "hidden"}})
    return "scores"


class Person:
    """A user with one inline policy, and clients that are signed with the user's key."""

    def __init__(self, server, iam, name, *statements):
        self.server = server
        iam.create_user(UserName=name)
        if statements:
            iam.put_user_policy(UserName=name, PolicyName="only", PolicyDocument=json.dumps(
                {"Version": "2012-10-17", "Statement": statements}))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        self.keys = (key["AccessKeyId"], key["SecretAccessKey"])
        self.arn = f"arn:aws:iam::{ACCOUNT}:user/{name}"

    def client(self, service="dynamodb"):
        return client_of(self.server, service, self.keys)


@pytest.fixture
def person(enforced, iam, scores):
    def make(*statements, name=None):
        return Person(enforced, iam, name or f"person-{next(COUNTER)}", *statements)
    return make


def allow(action, resource="*", **condition):
    return statement("Allow", action, resource, condition)


def deny(action, resource="*", **condition):
    return statement("Deny", action, resource, condition)


def statement(effect, action, resource, condition):
    made = {"Effect": effect, "Action": action, "Resource": resource}
    if condition:
        made["Condition"] = condition["condition"]
    return made


def is_allowed(call, *arguments, **parameters):
    """Whether the call gets as far as its operation, whatever that says then."""
    try:
        call(*arguments, **parameters)
    except botocore.exceptions.ClientError as error:
        if error.response["Error"]["Code"] in ("AccessDeniedException", "AccessDenied"):
            return False
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] < 500, error
    return True


def add_member(client, operation, **members):
    """To each later request: members which older SDKs do not have."""
    def add(params, **_):
        params["body"] = json.dumps({**json.loads(params["body"]), **members}).encode()

    client.meta.events.register(f"before-call.dynamodb.{operation}", add)


def key(player, title="chess"):
    return {"player": {"S": player}, "title": {"S": title}}


def decisions(client, table="scores", player="alice"):
    """Each call about items of one player, and whether it was allowed."""
    item = {**key(player, "go"), "points": {"N": "1"}}
    of_player = {"KeyConditionExpression": "player = :p",
                 "ExpressionAttributeValues": {":p": {"S": player}}}
    where = f"WHERE player = '{player}' AND title = 'chess'"
    calls = {
        "GetItem": lambda: client.get_item(TableName=table, Key=key(player)),
        "PutItem": lambda: client.put_item(TableName=table, Item=item),
        "UpdateItem": lambda: client.update_item(
            TableName=table, Key=key(player), UpdateExpression="SET points = :p",
            ExpressionAttributeValues={":p": {"N": "7"}}),
        "DeleteItem": lambda: client.delete_item(TableName=table, Key=key(player, "go")),
        "BatchGetItem": lambda: client.batch_get_item(
            RequestItems={table: {"Keys": [key(player)]}}),
        "BatchWriteItem": lambda: client.batch_write_item(
            RequestItems={table: [{"PutRequest": {"Item": item}}]}),
        "TransactGetItems": lambda: client.transact_get_items(
            TransactItems=[{"Get": {"TableName": table, "Key": key(player)}}]),
        "TransactWriteItems": lambda: client.transact_write_items(
            TransactItems=[{"Put": {"TableName": table, "Item": item}}]),
        "Query": lambda: client.query(TableName=table, **of_player),
        "QueryIndex": lambda: client.query(TableName=table, IndexName="by-title", **of_player),
        "Scan": lambda: client.scan(TableName=table),
        "Select": lambda: client.execute_statement(Statement=f'SELECT * FROM "{table}" {where}'),
        "SelectAll": lambda: client.execute_statement(Statement=f'SELECT * FROM "{table}"'),
        "Update": lambda: client.execute_statement(
            Statement=f'UPDATE "{table}" SET points = 7 {where}'),
        "DescribeTable": lambda: client.describe_table(TableName=table),
    }
    return {name for name, call in calls.items() if is_allowed(call)}


READS = {"GetItem", "BatchGetItem", "TransactGetItems", "Query", "QueryIndex", "Scan"}
OF_ONE_ITEM = {"GetItem", "TransactGetItems"}


def test_nothing_is_allowed_by_default(person):
    assert decisions(person().client()) == set()


def test_the_root_may_everything(root, scores):
    assert len(decisions(root)) == 15


def test_the_message(person):
    nobody = person()
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        nobody.client().get_item(TableName="scores", Key=key("alice"))
    answer = caught.value.response
    assert answer["Error"] == {
        "Code": "AccessDeniedException",
        "Message": f"User: {nobody.arn} is not authorized to perform: dynamodb:GetItem on resource: "
                   f"{TABLES}scores because no identity-based policy allows the dynamodb:GetItem "
                   "action"}
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400


@pytest.mark.parametrize("action,allowed", [
    ("dynamodb:GetItem", OF_ONE_ITEM),
    ("dynamodb:PutItem", {"PutItem", "TransactWriteItems"}),
    ("dynamodb:UpdateItem", {"UpdateItem"}),
    ("dynamodb:DeleteItem", {"DeleteItem"}),
    ("dynamodb:BatchGetItem", {"BatchGetItem"}),
    ("dynamodb:Batch*", {"BatchGetItem", "BatchWriteItem"}),
    ("dynamodb:PartiQLSelect", {"Select", "SelectAll"}),
    ("dynamodb:PartiQLUpdate", {"Update"}),
    ("dynamodb:DescribeTable", {"DescribeTable"}),
    ("DynamoDB:QUERY", {"Query", "QueryIndex"}),
    ("s3:*", set()),
])
def test_actions(person, action, allowed):
    assert decisions(person(allow(action)).client()) == allowed


@pytest.mark.parametrize("resource,allowed", [
    (TABLES + "scores", {"Query"}),
    (TABLES + "scores/index/by-title", {"QueryIndex"}),
    (TABLES + "scores/index/*", {"QueryIndex"}),
    (TABLES + "score?", {"Query"}),
    (TABLES + "*", {"Query", "QueryIndex"}),
    (TABLES + "other", set()),
    (TABLES.replace("us-east-1", "eu-west-1") + "*", set()),
])
def test_resources(person, resource, allowed):
    assert decisions(person(allow("dynamodb:Query", resource)).client()) == allowed


def test_a_table_is_one_by_whatever_name(person):
    client = person(allow("dynamodb:*"), deny("dynamodb:*", TABLES + "scores")).client()
    for name in ("scores", TABLES + "scores", TABLES.replace("arn:aws:", "arn:aws-cn:") + "scores"):
        assert not is_allowed(client.get_item, TableName=name, Key=key("alice")), name
    assert is_allowed(client.scan, TableName="other")


def test_deny_goes_over_allow(person):
    client = person(allow("dynamodb:*"), deny(["dynamodb:Put*", "dynamodb:PartiQL*"])).client()
    assert decisions(client) == READS | {"UpdateItem", "DeleteItem", "BatchWriteItem",
                                         "DescribeTable"}


def test_every_table_of_a_batch_must_be_allowed(person):
    client = person(allow("dynamodb:*", TABLES + "scores")).client()
    keys = {"scores": {"Keys": [key("alice")]}, "other": {"Keys": [{"id": {"S": "x"}}]}}
    assert not is_allowed(client.batch_get_item, RequestItems=keys)
    assert not is_allowed(client.transact_write_items, TransactItems=[
        {"Put": {"TableName": "scores", "Item": key("alice", "go")}},
        {"Delete": {"TableName": "other", "Key": {"id": {"S": "x"}}}}])


# --- the examples of the Developer Guide, "Using IAM policy conditions for fine-grained access
# control", and of "IAM security policies with PartiQL for DynamoDB" ---

def test_leading_keys_are_the_users_own(person):
    alice = person(allow("dynamodb:*", [TABLES + "scores", TABLES + "scores/index/*"], condition={
        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:username}"]},
        "Null": {"dynamodb:LeadingKeys": "false"}}), name="alice").client()
    own = {"GetItem", "PutItem", "UpdateItem", "DeleteItem", "BatchGetItem", "BatchWriteItem",
           "TransactGetItems", "TransactWriteItems", "Query", "QueryIndex", "Select", "Update"}
    assert decisions(alice) == own
    assert decisions(alice, player="bob") == set()
    mixed = {"scores": {"Keys": [key("alice"), key("bob")]}}
    assert not is_allowed(alice.batch_get_item, RequestItems=mixed)
    assert not is_allowed(alice.execute_statement,
                          Statement="SELECT * FROM scores WHERE player IN ['alice', 'bob']")
    assert not is_allowed(alice.execute_statement, Statement=(
        "SELECT * FROM scores WHERE player = ? OR title = 'chess'"), Parameters=[{"S": "alice"}])


def test_some_attributes_alone(person):
    client = person(allow(["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan",
                           "dynamodb:UpdateItem"], TABLES + "scores*", condition={
        "ForAllValues:StringEquals": {"dynamodb:Attributes": ["player", "title", "points"]},
        "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES",
                                 "dynamodb:ReturnValues": ["NONE", "UPDATED_OLD", "UPDATED_NEW"]}
    })).client()
    one = {"TableName": "scores", "Key": key("alice")}
    assert is_allowed(client.get_item, ProjectionExpression="points", **one)
    assert is_allowed(client.get_item, AttributesToGet=["points"], **one)
    assert not is_allowed(client.get_item, ProjectionExpression="points, secret", **one)
    assert not is_allowed(client.get_item, ProjectionExpression="#s",
                          ExpressionAttributeNames={"#s": "secret"}, **one)
    assert not is_allowed(client.get_item, **one)
    assert is_allowed(client.scan, TableName="scores", ProjectionExpression="points")
    assert not is_allowed(client.scan, TableName="scores", Select="COUNT")
    assert not is_allowed(client.scan, TableName="scores", ProjectionExpression="points",
                          FilterExpression="begins_with(secret, :h)",
                          ExpressionAttributeValues={":h": {"S": "h"}})
    update = {"UpdateExpression": "SET points = points + :p",
              "ExpressionAttributeValues": {":p": {"N": "0"}}, **one}
    assert is_allowed(client.update_item, **update)
    assert is_allowed(client.update_item, ReturnValues="UPDATED_NEW", **update)
    assert not is_allowed(client.update_item, ReturnValues="ALL_OLD", **update)
    assert not is_allowed(client.update_item, UpdateExpression="SET points = secret", **one)
    add_member(client, "UpdateItem", ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert not is_allowed(client.update_item, ConditionExpression="points < :p", **update)


def test_no_full_table_scans(person):
    client = person(deny("dynamodb:PartiQLSelect", TABLES + "*",
                         condition={"Bool": {"dynamodb:FullTableScan": ["true"]}}),
                    allow(["dynamodb:PartiQLSelect", "dynamodb:PartiQLUpdate"])).client()
    assert decisions(client) == {"Select", "Update"}


def test_reads_in_transactions_alone(person):
    client = person(allow(["dynamodb:PartiQLSelect", "dynamodb:GetItem"], condition={
        "StringEquals": {"dynamodb:EnclosingOperation": [
            "ExecuteTransaction", "TransactGetItems"]}})).client()
    assert decisions(client) == {"TransactGetItems"}
    assert is_allowed(client.execute_transaction, TransactStatements=[
        {"Statement": "SELECT * FROM scores WHERE player = 'alice' AND title = 'chess'"}])


def test_an_index_alone(person):
    client = person(allow(["dynamodb:Query", "dynamodb:Scan", "dynamodb:PartiQLSelect"],
                          TABLES + "scores/index/by-title")).client()
    assert decisions(client) == {"QueryIndex"}
    assert is_allowed(client.execute_statement, Statement=(
        'SELECT * FROM "scores"."by-title" WHERE player = \'alice\''))


def test_a_stream_to_read_alone(person, root):
    reader = person(
        allow(["dynamodb:DescribeStream", "dynamodb:GetShardIterator", "dynamodb:GetRecords"],
              TABLES + "scores/stream/*"), allow("dynamodb:ListStreams"))
    streams = reader.client("dynamodbstreams")
    arn = root.describe_table(TableName="scores")["Table"]["LatestStreamArn"]
    assert streams.list_streams()["Streams"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"],
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    assert streams.get_records(ShardIterator=iterator)["Records"]
    assert decisions(reader.client()) == set()
    stranger = person(allow("dynamodb:GetRecords", TABLES + "other/stream/*"))
    assert not is_allowed(stranger.client("dynamodbstreams").get_records, ShardIterator=iterator)


# --- keys of any service ---

@pytest.mark.parametrize("condition,allowed", [
    ({"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, True),
    ({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, False),
    ({"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, True),
    ({"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, False),
    ({"NumericGreaterThan": {"aws:EpochTime": "1577836800"}}, True),
    ({"Bool": {"aws:SecureTransport": "true"}}, False),
    ({"Bool": {"aws:SecureTransport": "false"}}, True),
    ({"StringLike": {"aws:UserAgent": "*Boto3*"}}, True),
    ({"StringLike": {"aws:UserAgent": "curl*"}}, False),
    ({"StringEquals": {"aws:RequestedRegion": "us-east-1"}}, True),
    ({"StringEquals": {"aws:ResourceAccount": ACCOUNT}}, True),
    ({"StringEquals": {"aws:ResourceTag/team": "games"}}, True),
    ({"StringEquals": {"aws:ResourceTag/team": "finance"}}, False),
    ({"Null": {"aws:Referer": "true"}}, True),
])
def test_conditions(person, condition, allowed):
    client = person(allow("dynamodb:DescribeTable", condition=condition)).client()
    assert is_allowed(client.describe_table, TableName="scores") == allowed


def test_tags_that_a_request_sets(person):
    client = person(allow(["dynamodb:CreateTable", "dynamodb:TagResource"], condition={
        "StringEquals": {"aws:RequestTag/team": "games"},
        "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}})).client()

    def is_tagged(**tags):
        return is_allowed(client.tag_resource, ResourceArn=TABLES + "other", Tags=[
            {"Key": name, "Value": value} for name, value in tags.items()])

    assert is_tagged(team="games")
    assert not is_tagged(team="finance")
    assert not is_tagged(team="games", cost="1")


def test_a_new_table_with_tags_needs_both(person):
    client = person(allow("dynamodb:CreateTable")).client()
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        client.create_table(
            TableName="tagged", BillingMode="PAY_PER_REQUEST", Tags=[{"Key": "a", "Value": "b"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
    assert "perform: dynamodb:TagResource on resource" in str(caught.value)


# --- other services ---

@pytest.mark.parametrize("action,allowed", [
    ("lambda:List*", {"ListFunctions"}),
    ("lambda:GetFunction", {"GetFunction"}),
    ("lambda:InvokeFunction", {"Invoke"}),
    ("logs:DescribeLogGroups", {"DescribeLogGroups"}),
    ("cloudtrail:DescribeTrails", {"DescribeTrails"}),
    ("iam:ListUsers", {"ListUsers"}),
    ("iam:GetUser", {"GetUser"}),
    ("sts:GetAccessKeyInfo", {"GetAccessKeyInfo"}),
])
def test_other_services(person, action, allowed):
    one = person(allow(action))
    calls = {
        "ListFunctions": lambda: one.client("lambda").list_functions(),
        "GetFunction": lambda: one.client("lambda").get_function(FunctionName="f"),
        "Invoke": lambda: one.client("lambda").invoke(FunctionName="f"),
        "DescribeLogGroups": lambda: one.client("logs").describe_log_groups(),
        "DescribeTrails": lambda: one.client("cloudtrail").describe_trails(),
        "ListUsers": lambda: one.client("iam").list_users(),
        "GetUser": lambda: one.client("iam").get_user(),
        "GetAccessKeyInfo": lambda: one.client("sts").get_access_key_info(
            AccessKeyId="AKIAIOSFODNN7EXAMPLE"),
    }
    assert {name for name, call in calls.items() if is_allowed(call)} == allowed


def test_who_one_is_everybody_may_ask(person):
    one = person(deny("*"))
    assert one.client("sts").get_caller_identity()["Arn"] == one.arn


def test_a_role_is_passed_to_its_service(person, iam):
    trust = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": {"Service": "lambda.amazonaws.com"}}]}
    arn = iam.create_role(RoleName="runner", Path="/service/",
                          AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]

    def may_create(*statements):
        client = person(allow("lambda:*"), *statements).client("lambda")
        return is_allowed(client.create_function, FunctionName="f", Role=arn,
                          Runtime="python3.11", Handler="f.f", Code={"ZipFile": b"no archive"})

    assert not may_create()
    assert may_create(allow("iam:PassRole", arn, condition={
        "StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}))
    assert not may_create(allow("iam:PassRole", arn, condition={
        "StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}))


def call_signed(server, keys, operation, **members):
    """For what older SDKs lack."""
    body = json.dumps(members)
    request = botocore.awsrequest.AWSRequest(
        "POST", server.endpoint + "/", {"X-Amz-Target": f"DynamoDB_20120810.{operation}",
                                        "Content-Type": "application/x-amz-json-1.0"}, body)
    botocore.auth.SigV4Auth(botocore.credentials.Credentials(*keys), "dynamodb",
                            "us-east-1").add_auth(request)
    return wire.post(server, body.encode(), request.headers["X-Amz-Target"], dict(request.headers))


def test_what_a_table_says_counts_from_when_it_is_said(tmp_path, monkeypatch):
    """Also after a restart, and for the root; other tables and what is taken back do not count."""
    monkeypatch.setenv("MILLRACE_ROOT_ACCESS_KEY_ID", ROOT[0])
    monkeypatch.setenv("MILLRACE_ROOT_SECRET_ACCESS_KEY", ROOT[1])
    arguments = ("--data", tmp_path / "data", "--auth")

    def reads(keys, table):
        return is_allowed(client_of(server, "dynamodb", keys).get_item, TableName=table,
                          Key={"id": {"S": "1"}})

    with Server(*arguments) as server:
        root = client_of(server, "dynamodb", ROOT)
        for name in ("closed", "open"):
            create_table(root, name, "id:S")
        user = Person(server, client_of(server, "iam", ROOT), "guest")
        assert reads(ROOT, "closed") and not reads(user.keys, "closed")
        policy = {"Version": "2012-10-17", "Statement": [
            dict(allow("dynamodb:GetItem", TABLES + "closed"), Principal={"AWS": user.arn}),
            dict(deny("dynamodb:GetItem", TABLES + "closed"), Principal="*",
                 Condition={"StringLike": {"aws:PrincipalArn": "*:root"}})]}
        assert call_signed(server, ROOT, "PutResourcePolicy", ResourceArn=TABLES + "closed",
                           Policy=json.dumps(policy)).status == 200
        assert not reads(ROOT, "closed") and reads(user.keys, "closed")
        assert reads(ROOT, "open") and not reads(user.keys, "open")
    with Server(*arguments) as server:
        assert not reads(ROOT, "closed") and reads(user.keys, "closed")
        assert reads(ROOT, "open") and not reads(user.keys, "open")
        assert call_signed(server, ROOT, "DeleteResourcePolicy",
                           ResourceArn=TABLES + "closed").status == 200
        assert reads(ROOT, "closed") and not reads(user.keys, "closed")
