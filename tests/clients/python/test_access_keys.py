"""Enforced mode: the root access key, what is kept of users and their keys, temporary credentials."""

import json
import re
import stat

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from credentials import open_mode_only
from lambda_functions import zip_of
from server import Server, run_refused

ROOT_KEY = re.compile(r"^export AWS_ACCESS_KEY_ID=(\S+)\nexport AWS_SECRET_ACCESS_KEY=(\S+)$",
                      re.MULTILINE)
ACCOUNT = "000000000000"
EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "*", "Resource": "*"}]})
# What a client does here is asked once.
ONCE = Config(retries={"total_max_attempts": 1})


def trust(principal, **condition):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **condition}]})


def client_of(server, service, key, token=None):
    return boto3.client(service, endpoint_url=server.endpoint, region_name="us-east-1",
                        aws_access_key_id=key[0], aws_secret_access_key=key[1],
                        aws_session_token=token, config=ONCE)


def session_client(server, service, credentials):
    return client_of(server, service,
                     (credentials["AccessKeyId"], credentials["SecretAccessKey"]),
                     credentials["SessionToken"])


def identity_of(server, key):
    return client_of(server, "sts", key).get_caller_identity()


def error_of(call, **arguments):
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    return raised.value.response["Error"]


def root_key_of(server):
    return ROOT_KEY.search(server.stdout).groups()


def make_user(iam, name, policy=EVERYTHING):
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


@pytest.fixture(scope="module")
def enforced(tmp_path_factory):
    with Server("--data", tmp_path_factory.mktemp("enforced") / "data", "--auth") as server:
        server.root_key = root_key_of(server)
        yield server


@pytest.fixture(scope="module")
def iam(enforced):
    return client_of(enforced, "iam", enforced.root_key)


def test_the_root_key_is_made_once_and_stays(tmp_path):
    data = tmp_path / "data"
    with Server("--data", data, "--auth") as server:
        key = root_key_of(server)
        assert identity_of(server, key)["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"
        assert "try: aws --endpoint-url" in server.stdout
        assert key[1] not in server.stderr()
    assert stat.S_IMODE((data / "access.key").stat().st_mode) == 0o600
    for file in data.rglob("*"):
        if file.is_file():
            assert key[1].encode() not in file.read_bytes(), file
    with Server("--data", data, "--auth") as server:
        assert not ROOT_KEY.search(server.stdout)
        assert identity_of(server, key)["Account"] == ACCOUNT


def test_the_root_key_of_the_environment(tmp_path, monkeypatch):
    given = ("AKIAGIVENBYOPERATOR0", "a secret that the operator chose")
    with Server("--data", tmp_path / "data", "--auth") as server:
        made = root_key_of(server)
    monkeypatch.setenv("MILLRACE_ROOT_ACCESS_KEY_ID", given[0])
    code, output = run_refused("--data", tmp_path / "data", "--auth", "--listen", "127.0.0.1:0")
    assert code != 0 and "MILLRACE_ROOT_SECRET_ACCESS_KEY" in output
    monkeypatch.setenv("MILLRACE_ROOT_SECRET_ACCESS_KEY", given[1])
    with Server("--data", tmp_path / "data", "--auth") as server:
        assert not ROOT_KEY.search(server.stdout)
        identity_of(server, given)
        error = error_of(client_of(server, "sts", made).get_caller_identity)
        assert error["Code"] == "InvalidClientTokenId"
    monkeypatch.delenv("MILLRACE_ROOT_ACCESS_KEY_ID")
    monkeypatch.delenv("MILLRACE_ROOT_SECRET_ACCESS_KEY")
    with Server("--data", tmp_path / "data", "--auth") as server:
        identity_of(server, given)


def test_what_was_answered_survives_a_kill(tmp_path):
    with Server("--data", tmp_path / "data", "--auth") as server:
        root = root_key_of(server)
        iam = client_of(server, "iam", root)
        key = make_user(iam, "alice")
        gone = make_user(iam, "bob")
        iam.update_access_key(UserName="bob", AccessKeyId=gone[0], Status="Inactive")
        iam.create_role(RoleName="worker", AssumeRolePolicyDocument=trust({"AWS": "*"}))
        session = client_of(server, "sts", key).assume_role(
            RoleArn=f"arn:aws:iam::{ACCOUNT}:role/worker", RoleSessionName="job")["Credentials"]
        server.kill()
    with Server("--data", tmp_path / "data", "--auth") as server:
        assert identity_of(server, key)["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/alice"
        assert client_of(server, "dynamodb", key).list_tables()["TableNames"] == []
        assert error_of(client_of(server, "sts", gone).get_caller_identity)["Code"] == \
            "InvalidClientTokenId"
        assert session_client(server, "sts", session).get_caller_identity()["Arn"] == \
            f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/job"


def test_a_key_file_that_is_no_good(tmp_path):
    data = tmp_path / "data"
    arguments = ("--data", data, "--auth", "--listen", "127.0.0.1:0")
    with Server("--data", data, "--auth"):
        pass
    file = data / "access.key"
    file.chmod(0o644)
    code, output = run_refused(*arguments)
    assert code != 0 and "others have access" in output and str(file) in output
    file.chmod(0o600)
    text = file.read_text()
    file.write_text("garbage")
    code, output = run_refused(*arguments)
    assert code != 0 and "no key" in output
    file.unlink()
    code, output = run_refused(*arguments)
    assert code != 0 and "key file" in output
    file.write_text(text)
    file.chmod(0o600)
    with Server("--data", data, "--auth"):
        pass


def test_what_is_taken_away_is_gone_at_once(enforced, iam):
    key = make_user(iam, "carol")
    tables = client_of(enforced, "dynamodb", key)
    tables.list_tables()
    iam.put_user_policy(UserName="carol", PolicyName="all", PolicyDocument=EVERYTHING.replace(
        "Allow", "Deny"))
    assert error_of(tables.list_tables)["Code"] == "AccessDeniedException"
    iam.put_user_policy(UserName="carol", PolicyName="all", PolicyDocument=EVERYTHING)
    tables.list_tables()
    iam.update_access_key(UserName="carol", AccessKeyId=key[0], Status="Inactive")
    assert error_of(tables.list_tables)["Code"] == "UnrecognizedClientException"
    iam.update_access_key(UserName="carol", AccessKeyId=key[0], Status="Active")
    tables.list_tables()
    iam.delete_access_key(UserName="carol", AccessKeyId=key[0])
    assert error_of(tables.list_tables)["Code"] == "UnrecognizedClientException"


def test_sessions_end_with_their_role(enforced, iam):
    key = make_user(iam, "dave")
    iam.create_role(RoleName="short", AssumeRolePolicyDocument=trust({"AWS": "*"}))
    iam.put_role_policy(RoleName="short", PolicyName="all", PolicyDocument=EVERYTHING)
    session = client_of(enforced, "sts", key).assume_role(
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/short", RoleSessionName="job",
        DurationSeconds=900)["Credentials"]
    tables = session_client(enforced, "dynamodb", session)
    tables.list_tables()
    iam.delete_role_policy(RoleName="short", PolicyName="all")
    assert error_of(tables.list_tables)["Code"] == "AccessDeniedException"
    iam.delete_role(RoleName="short")
    assert error_of(tables.list_tables)["Code"] == "UnrecognizedClientException"


def test_who_may_assume_a_role(enforced, iam):
    key = make_user(iam, "erin", EVERYTHING.replace("Allow", "Deny").replace('"*"', '"s3:*"', 1))
    sts = client_of(enforced, "sts", key)
    role = f"arn:aws:iam::{ACCOUNT}:role/guarded"
    iam.create_role(RoleName="guarded",
                    AssumeRolePolicyDocument=trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))

    def assume(**more):
        return sts.assume_role(RoleArn=role, RoleSessionName="job", **more)

    error = error_of(assume)
    assert error["Code"] == "AccessDenied"
    assert error["Message"].startswith(
        f"User: arn:aws:iam::{ACCOUNT}:user/erin is not authorized to perform: sts:AssumeRole on "
        f"resource: {role}")
    iam.put_user_policy(UserName="erin", PolicyName="assume", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role}]}))
    assume()
    iam.update_assume_role_policy(RoleName="guarded", PolicyDocument=trust(
        {"AWS": f"arn:aws:iam::{ACCOUNT}:user/erin"},
        Condition={"StringEquals": {"sts:ExternalId": "e1"}}))
    assert error_of(assume)["Code"] == "AccessDenied"
    assume(ExternalId="e1")


def test_sessions_of_ones_own(enforced, iam):
    key = make_user(iam, "frank")
    sts = client_of(enforced, "sts", key)
    own = session_client(enforced, "sts", sts.get_session_token()["Credentials"])
    assert own.get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/frank"
    assert error_of(own.get_session_token)["Code"] == "AccessDenied"
    policy = EVERYTHING.replace('"Action": "*"', '"Action": "dynamodb:ListTables"')
    guest = sts.get_federation_token(Name="guest", Policy=policy)
    assert guest["FederatedUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:federated-user/guest"
    tables = session_client(enforced, "dynamodb", guest["Credentials"])
    tables.list_tables()
    assert error_of(tables.describe_limits)["Code"] == "AccessDeniedException"


FUNCTION = b"""
import os
def handler(event, context):
    return {name: os.environ.get("AWS_" + name.upper(), "")
            for name in ("access_key_id", "secret_access_key", "session_token", "endpoint_url")}
"""


def test_a_function_acts_as_its_role(enforced, iam):
    functions = client_of(enforced, "lambda", enforced.root_key)
    arguments = {"FunctionName": "acting", "Runtime": "python3.11", "Handler": "index.handler",
                 "Role": f"arn:aws:iam::{ACCOUNT}:role/acting",
                 "Code": {"ZipFile": zip_of({"index.py": FUNCTION})}}
    refused = {"Code": "InvalidParameterValueException",
               "Message": "The role defined for the function cannot be assumed by Lambda."}
    assert error_of(functions.create_function, **arguments).items() >= refused.items()
    iam.create_role(RoleName="acting", AssumeRolePolicyDocument=trust({"AWS": ACCOUNT}))
    assert error_of(functions.create_function, **arguments).items() >= refused.items()
    iam.update_assume_role_policy(RoleName="acting", PolicyDocument=trust(
        {"Service": "lambda.amazonaws.com"}))
    functions.create_function(**arguments)
    got = json.load(functions.invoke(FunctionName="acting")["Payload"])
    assert got["endpoint_url"] == enforced.endpoint
    mine = {"AccessKeyId": got["access_key_id"], "SecretAccessKey": got["secret_access_key"],
            "SessionToken": got["session_token"]}
    assert session_client(enforced, "sts", mine).get_caller_identity()["Arn"] == \
        f"arn:aws:sts::{ACCOUNT}:assumed-role/acting/acting"
    tables = session_client(enforced, "dynamodb", mine)
    assert error_of(tables.list_tables)["Code"] == "AccessDeniedException"
    iam.put_role_policy(RoleName="acting", PolicyName="all", PolicyDocument=EVERYTHING)
    tables.list_tables()
    assert error_of(functions.update_function_configuration, FunctionName="acting",
                    Role=f"arn:aws:iam::{ACCOUNT}:role/missing").items() >= refused.items()


@open_mode_only("it is about the open mode")
def test_open_mode_says_how_to_try_it():
    with Server("--memory") as server:
        assert "try: AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any aws" in server.stdout
        assert not ROOT_KEY.search(server.stdout)
