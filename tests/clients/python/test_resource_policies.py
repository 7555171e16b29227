"""Resource-based policies of tables and streams: their revisions, their rules, and that they stay."""

import functools
import json

import pytest
from botocore.exceptions import ClientError

from conftest import create_table, make_client, refused
from server import Server
from wire import call

ACCOUNT = "000000000000"
INVALID = "One or more parameter values were invalid: "
NOT_FOUND = "Resource-based policy not found for the provided ResourceArn: "
WITH_STREAM = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}


class PolicyClient:
    """A client of the SDK and what older ones lack: members and operations of resource policies."""

    def __init__(self, server):
        self.server, self.client = server, make_client(server)

    def __getattr__(self, name):
        return getattr(self.client, name)

    def _call(self, operation, **members):
        answer = call(self.server, operation, members)
        if answer.status != 200:
            code, message = answer.error
            raise ClientError({"Error": {"Code": code, "Message": message},
                               "ResponseMetadata": {"HTTPStatusCode": answer.status}}, operation)
        return answer.json

    create_table = functools.partialmethod(_call, "CreateTable")
    get_resource_policy = functools.partialmethod(_call, "GetResourcePolicy")
    put_resource_policy = functools.partialmethod(_call, "PutResourcePolicy")
    delete_resource_policy = functools.partialmethod(_call, "DeleteResourcePolicy")


@pytest.fixture
def client(server):
    return PolicyClient(server)


def user(name):
    return f"arn:aws:iam::{ACCOUNT}:user/{name}"


def statement(action="dynamodb:GetItem", resource="*", effect="Allow", **more):
    return {"Effect": effect, "Principal": {"AWS": user("alice")}, "Action": action,
            "Resource": resource, **more}


def document(*statements, **more):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements) or [statement()],
                       **more})


def put(client, arn, policy=None, **more):
    return client.put_resource_policy(ResourceArn=arn, Policy=policy or document(),
                                      **more)["RevisionId"]


def get(client, arn):
    answer = client.get_resource_policy(ResourceArn=arn)
    return json.loads(answer["Policy"]), answer["RevisionId"]


@pytest.fixture
def arn(client, table):
    return client.describe_table(TableName=table)["Table"]["TableArn"]


@pytest.fixture
def stream_arn(client, name):
    table = create_table(client, name, StreamSpecification=WITH_STREAM)
    yield table["LatestStreamArn"]
    client.delete_table(TableName=name)


def assert_none(client, arn):
    with refused("PolicyNotFoundException") as refusal:
        client.get_resource_policy(ResourceArn=arn)
    assert refusal.message == NOT_FOUND + arn


def test_put_get_delete(client, arn):
    assert_none(client, arn)
    revision = put(client, arn)
    assert get(client, arn) == (json.loads(document()), revision)
    other = document(statement("dynamodb:PutItem"))
    later = put(client, arn, other)
    assert int(later) > int(revision)
    assert get(client, arn) == (json.loads(other), later)
    assert client.delete_resource_policy(ResourceArn=arn)["RevisionId"] == later
    assert_none(client, arn)
    assert "RevisionId" not in client.delete_resource_policy(ResourceArn=arn)


def test_what_says_the_same_changes_nothing(client, arn):
    revision = put(client, arn, document(statement(["dynamodb:GetItem"], Principal={"AWS": ACCOUNT})))
    same = {"Statement": {"Resource": ["*"], "Action": "dynamodb:GetItem", "Effect": "allow",
                          "Principal": {"AWS": [f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT]}},
            "Version": "2012-10-17"}
    assert put(client, arn, json.dumps(same, indent=4)) == revision
    policy, _ = get(client, arn)
    assert policy["Statement"] == [{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*",
                                    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}]


def test_expected_revisions(client, table, arn):
    with refused("PolicyNotFoundException") as refusal:
        put(client, arn, ExpectedRevisionId="17")
    assert refusal.message == (NOT_FOUND + "Requested update for policy with revision id 17, but "
                               f"table {table} has no associated policy.")
    first = put(client, arn, ExpectedRevisionId="NO_POLICY")
    with refused("PolicyNotFoundException") as refusal:
        put(client, arn, ExpectedRevisionId="NO_POLICY")
    assert refusal.message == (
        NOT_FOUND + f"Requested policy update expecting none to be present for table {table}, but "
        f"a policy exists with revision id {first}.")
    second = put(client, arn, document(statement("dynamodb:Query")), ExpectedRevisionId=first)
    mismatch = (NOT_FOUND + f"Requested update for policy with revision id {first}, but the policy "
                f"associated to target table {table} has revision id {second}.")
    for change in (lambda: put(client, arn, ExpectedRevisionId=first),
                   lambda: client.delete_resource_policy(ResourceArn=arn, ExpectedRevisionId=first)):
        with refused("PolicyNotFoundException") as refusal:
            change()
        assert refusal.message == mismatch
    assert get(client, arn)[1] == second
    client.delete_resource_policy(ResourceArn=arn, ExpectedRevisionId=second)
    assert_none(client, arn)


def test_stream_has_its_own(client, stream_arn):
    table_arn = stream_arn.split("/stream/")[0]
    of_stream = document(statement(["dynamodb:GetRecords", "dynamodb:DescribeStream"], stream_arn))
    revision = put(client, stream_arn, of_stream)
    assert get(client, stream_arn) == (json.loads(of_stream), revision)
    assert_none(client, table_arn)
    put(client, table_arn)
    client.update_table(TableName=table_arn.split("/")[1],
                        StreamSpecification={"StreamEnabled": False})
    assert get(client, stream_arn)[1] == revision
    client.delete_resource_policy(ResourceArn=stream_arn)
    assert_none(client, stream_arn)
    assert get(client, table_arn)[0] == json.loads(document())


def test_goes_with_its_table(client, name):
    table = create_table(client, name, StreamSpecification=WITH_STREAM, ResourcePolicy=document())
    arn, stream_arn = table["TableArn"], table["LatestStreamArn"]
    assert get(client, arn)[0] == json.loads(document())
    put(client, stream_arn, document(statement("dynamodb:GetRecords")))
    client.delete_table(TableName=name)
    for change in (client.get_resource_policy, client.delete_resource_policy,
                   lambda ResourceArn: put(client, ResourceArn)):
        with refused("ResourceNotFoundException") as refusal:
            change(ResourceArn=arn)
        assert refusal.message == f"Requested resource not found: Table: {name} not found"
    assert_none(client, stream_arn)
    create_table(client, name)
    assert_none(client, arn)
    client.delete_table(TableName=name)


def test_stays_while_its_table_changes(client, table, arn):
    revision = put(client, arn)
    client.update_table(TableName=table, StreamSpecification=WITH_STREAM)
    client.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "b"}])
    assert get(client, arn) == (json.loads(document()), revision)


def test_is_there_after_a_restart(tmp_path):
    directory = tmp_path / "data"
    with Server("--data", directory) as server:
        client = PolicyClient(server)
        table = create_table(client, "kept", StreamSpecification=WITH_STREAM)
        arns = {table["TableArn"]: "dynamodb:GetItem", table["LatestStreamArn"]: "dynamodb:GetRecords"}
        before = {}
        for arn, action in arns.items():
            put(client, arn, document(statement(action)))
            before[arn] = get(client, arn)
    with Server("--data", directory) as server:
        client = PolicyClient(server)
        assert {arn: get(client, arn) for arn in arns} == before


@pytest.mark.parametrize("policy,message", [
    ("", INVALID + "Invalid policy document: This policy contains invalid Json"),
    ("[]", INVALID + "Invalid policy document: This policy contains invalid Json"),
    ("null", INVALID + "Invalid policy document: This text appears not to be a policy"),
    ("{}", INVALID + "Invalid policy document: Syntax error at position (1,3)"),
    ('{"Statement":[]}',
     INVALID + "Invalid policy document: Could not parse the policy: Statement is empty!"),
    ('{"Statement":[{}]}', INVALID + "Invalid policy document: Missing required field Effect"),
    (document({k: v for k, v in statement().items() if k != "Resource"}),
     INVALID + "Invalid policy document: Missing required field Resource"),
    (document(statement(Sid="a"), statement(Sid="a")),
     INVALID + "Invalid policy document: The Statement Ids in the policy are not unique"),
    (document(statement(["dynamodb:GetItem", "dynamodb:GetRecords", "dynamodb:DescribeStream"])),
     INVALID + 'Invalid policy document: The following action names are invalid: '
     '"dynamodb:GetRecords", "dynamodb:DescribeStream"'),
    (document(statement("s3:GetObject")),
     INVALID + 'Invalid policy document: The following action names are invalid: "s3:GetObject"'),
    (document(statement(resource="arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/l")),
     INVALID + 'Invalid policy document: The relative-id "table/t/stream/l" is invalid for ARN '
     '"arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/l"'),
    (document(statement(Principal={"AWS": "alice"})), INVALID + "Invalid principal in policy document."),
    (document(statement(Principal="*")),
     "Resource-based policy grants unbounded access in one or more elements. Please revise the "
     "policy to ensure least-privilege form of access"),
    (document(statement(), Id="x" * 20480),
     INVALID + "Maximum policy size of 20480 bytes exceeded"),
])
def test_bad_policies(server, client, arn, policy, message):
    answer = call(server, "PutResourcePolicy", {"ResourceArn": arn, "Policy": policy})
    assert answer.error == ("ValidationException", message)
    assert_none(client, arn)


@pytest.mark.parametrize("policy", [
    document(statement(resource="arn:aws:dynamodb:us-east-1:000000000000:table/another")),
    document(statement(resource="arn:aws:dynamodb:us-east-1:000000000000:table/t/index/*")),
    document(statement("dynamodb:*", Principal={"AWS": ACCOUNT})),
    document(statement(Principal="*", Condition={"StringEquals": {"aws:PrincipalAccount": ACCOUNT}})),
    document(statement(effect="Deny", Principal="*", Action="dynamodb:UpdateTable")),
    document(statement(Principal={"Service": "lambda.amazonaws.com"})),
])
def test_good_policies(client, arn, policy):
    put(client, arn, policy)
    in_full = policy.replace(f'"AWS": "{ACCOUNT}"', f'"AWS": "arn:aws:iam::{ACCOUNT}:root"')
    assert get(client, arn)[0] == json.loads(in_full)


def test_stream_policies_name_streams(client, stream_arn):
    table_arn = stream_arn.split("/stream/")[0]
    for bad in (statement("dynamodb:GetItem"), statement("dynamodb:GetRecords", table_arn)):
        with refused("ValidationException") as refusal:
            put(client, stream_arn, document(bad))
        assert refusal.message.startswith(INVALID + "Invalid policy document: The ")


def test_locking_oneself_out_is_confirmed(client, arn):
    locked = document(statement("dynamodb:PutResourcePolicy", effect="Deny", Principal="*"))
    with refused("AccessDeniedException") as refusal:
        put(client, arn, locked)
    assert refusal.message == ("The new resource policy will not allow you to update the resource "
                               "policy in the future.")
    assert_none(client, arn)
    put(client, arn, locked, ConfirmRemoveSelfResourceAccess=True)
    assert get(client, arn)[0] == json.loads(locked)


@pytest.mark.parametrize("arn,code,message", [
    ("bare-name", "ValidationException", INVALID + "ARNs must start with 'arn:': {0}"),
    ("arn:aws:dynamodb:us-east-1:000000000000:table/missing", "ResourceNotFoundException",
     "Requested resource not found: Table: missing not found"),
    ("arn:aws:dynamodb:us-east-1:111122223333:table/other", "ValidationException",
     "This action is only supported by accounts that match the resource owner’s account."),
    ("arn:aws:dynamodb:us-west-2:000000000000:table/other", "ValidationException",
     INVALID + "Invalid resource Arn: {0}"),
    ("arn:aws-cn:dynamodb:us-east-1:000000000000:table/other", "ValidationException",
     INVALID + "Invalid resource Arn: {0}"),
    ("arn:aws:dynamodb:us-east-1:000000000000:table/t/index/i", "ValidationException",
     INVALID + "Invalid resource arn provided, only table or stream is accepted. Provided resource "
     "arn: {0}"),
    ("arn:aws:dynamodb:us-east-1:000000000000:table/t/backup/1", "ValidationException",
     INVALID + "Provided Arn is not a DynamoDB resource arn: {0}"),
])
@pytest.mark.parametrize("operation", ["GetResourcePolicy", "PutResourcePolicy",
                                       "DeleteResourcePolicy"])
def test_bad_arns(server, operation, arn, code, message):
    body = {"ResourceArn": arn}
    if operation == "PutResourcePolicy":
        body["Policy"] = document()
    assert call(server, operation, body).error == (code, message.format(arn))


def test_streams_that_are_not_there(client, table, arn):
    with refused("ResourceNotFoundException") as refusal:
        client.get_resource_policy(ResourceArn=arn + "/stream/2000-01-01T00:00:00.000")
    assert refusal.message == ("Requested resource not found: Stream: 2000-01-01T00:00:00.000 not "
                               f"found for Table: {table}")
