"""Managed policies, roles and simulation with boto3."""

import itertools
import json

import botocore.exceptions
import pytest

from conftest import make_client
from iam_calls import fails, policy, trust

NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def iam(server):
    return make_client(server, "iam")


@pytest.fixture
def managed(iam):
    """The ARN of a fresh policy."""
    arn = iam.create_policy(PolicyName=f"policy-{next(NUMBERS)}", Path="/p/", Description="d",
                            PolicyDocument=policy())["Policy"]["Arn"]
    yield arn
    for version in iam.list_policy_versions(PolicyArn=arn)["Versions"]:
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])
    iam.delete_policy(PolicyArn=arn)


@pytest.fixture
def role(iam):
    name = f"role-{next(NUMBERS)}"
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(), MaxSessionDuration=43200)
    yield name
    iam.delete_role(RoleName=name)


def test_a_policy(iam, managed):
    shown = iam.get_policy(PolicyArn=managed)["Policy"]
    assert shown["PolicyId"].startswith("ANPA") and shown["Path"] == "/p/"
    assert (shown["DefaultVersionId"], shown["AttachmentCount"], shown["IsAttachable"],
            shown["Description"]) == ("v1", 0, True, "d")
    with fails("EntityAlreadyExists", f"A policy called {shown['PolicyName']} already exists. "
               "Duplicate names are not allowed."):
        iam.create_policy(PolicyName=shown["PolicyName"], PolicyDocument=policy())
    with fails("LimitExceeded", "Cannot exceed quota for PolicySize: 6144"):
        iam.create_policy(PolicyName="large", PolicyDocument=policy(action=["a:" + "b" * 6200]))
    with fails("NoSuchEntity", f"Policy {managed}x was not found."):
        iam.get_policy(PolicyArn=managed + "x")
    with fails("InvalidInput", "ARN this-is-not-an-arn-at-all is not valid."):
        iam.get_policy(PolicyArn="this-is-not-an-arn-at-all")


def test_versions(iam, managed):
    for _ in range(4):
        iam.create_policy_version(PolicyArn=managed, PolicyDocument=policy("Deny"))
    with fails("LimitExceeded", "A managed policy can have up to 5 versions. Before you create a "
               "new version, you must delete an existing version."):
        iam.create_policy_version(PolicyArn=managed, PolicyDocument=policy())
    versions = iam.list_policy_versions(PolicyArn=managed)["Versions"]
    assert [version["VersionId"] for version in versions] == ["v5", "v4", "v3", "v2", "v1"]
    iam.set_default_policy_version(PolicyArn=managed, VersionId="v3")
    version = iam.get_policy_version(PolicyArn=managed, VersionId="v3")["PolicyVersion"]
    assert version["IsDefaultVersion"] and version["Document"] == json.loads(policy("Deny"))
    with fails("DeleteConflict", "Cannot delete the default version of a policy."):
        iam.delete_policy_version(PolicyArn=managed, VersionId="v3")
    with fails("DeleteConflict", "This policy has more than one version. Before you delete a "
               "policy, you must delete the policy's versions. The default version is deleted "
               "with the policy."):
        iam.delete_policy(PolicyArn=managed)


def test_attaching(iam, managed, role):
    iam.attach_role_policy(RoleName=role, PolicyArn=managed)
    iam.attach_role_policy(RoleName=role, PolicyArn=managed)
    with fails("DeleteConflict", "Cannot delete a policy attached to entities."):
        iam.delete_policy(PolicyArn=managed)
    with fails("DeleteConflict", "Cannot delete entity, must detach all policies first."):
        iam.delete_role(RoleName=role)
    entities = iam.list_entities_for_policy(PolicyArn=managed)
    assert [r["RoleName"] for r in entities["PolicyRoles"]] == [role]
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == [
        {"PolicyName": managed.rsplit("/", 1)[1], "PolicyArn": managed}]
    iam.detach_role_policy(RoleName=role, PolicyArn=managed)
    with fails("NoSuchEntity", f"Policy {managed} was not found."):
        iam.detach_role_policy(RoleName=role, PolicyArn=managed)
    with fails("NoSuchEntity", f"Policy {managed}x does not exist or is not attachable."):
        iam.attach_role_policy(RoleName=role, PolicyArn=managed + "x")


def test_policies_of_the_server(iam):
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    listed = iam.list_policies(Scope="AWS", MaxItems=1000)["Policies"]
    assert arn in [found["Arn"] for found in listed]
    with pytest.raises(botocore.exceptions.ClientError, match="is not authorized to perform: "
                       "iam:DeletePolicy on resource: policy " + arn):
        iam.delete_policy(PolicyArn=arn)


def test_a_role(iam, role, managed):
    shown = iam.get_role(RoleName=role)["Role"]
    assert shown["RoleId"].startswith("AROA") and shown["MaxSessionDuration"] == 43200
    assert shown["AssumeRolePolicyDocument"] == json.loads(trust())
    with pytest.raises(iam.exceptions.MalformedPolicyDocumentException):
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=policy())
    iam.update_role(RoleName=role, Description="new")
    shown = iam.get_role(RoleName=role)["Role"]
    assert (shown["Description"], shown["MaxSessionDuration"]) == ("new", 3600)
    iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=managed)
    boundary = iam.get_role(RoleName=role)["Role"]["PermissionsBoundary"]
    assert boundary == {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": managed}
    with fails("NoSuchEntity", f"Scope ARN: {managed}x does not exist or is not attachable."):
        iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=managed + "x")
    iam.delete_role_permissions_boundary(RoleName=role)
    with pytest.raises(botocore.exceptions.ClientError, match="at 'maxSessionDuration' failed"):
        iam.update_role(RoleName=role, MaxSessionDuration=43201)


@pytest.mark.parametrize("document", [
    "", "{", "[]", "{}", "null", '{"Version":"2012-10-17"}', policy("allow"), policy(action="x"),
    policy(Condition={"NoSuchOperator": {"aws:x": "y"}}), policy(Unknown=1), "[" * 5000,
    policy(Principal="*"), policy(Condition={"StringEquals": "x"})])
def test_malformed_documents(iam, document):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        iam.create_policy(PolicyName="malformed", PolicyDocument=document or " ")
    assert caught.value.response["Error"]["Code"] == "MalformedPolicyDocument"


def test_simulation(iam, role):
    iam.put_role_policy(RoleName=role, PolicyName="own",
                        PolicyDocument=policy(action="dynamodb:*",
                                              Condition={"Bool": {"aws:SecureTransport": "true"}}))
    arn = iam.get_role(RoleName=role)["Role"]["Arn"]
    [result] = iam.simulate_principal_policy(
        PolicySourceArn=arn, ActionNames=["dynamodb:Scan"])["EvaluationResults"]
    assert (result["EvalDecision"], result["MissingContextValues"]) == (
        "implicitDeny", ["aws:SecureTransport"])
    [result] = iam.simulate_principal_policy(
        PolicySourceArn=arn, ActionNames=["dynamodb:Scan"],
        ContextEntries=[{"ContextKeyName": "aws:SecureTransport", "ContextKeyType": "boolean",
                         "ContextKeyValues": ["true"]}])["EvaluationResults"]
    assert result["EvalDecision"] == "allowed"
    assert result["MatchedStatements"][0]["SourcePolicyId"] == f"role_{role}_own"
    assert iam.get_context_keys_for_principal_policy(PolicySourceArn=arn)["ContextKeyNames"] == [
        "aws:SecureTransport"]
    pages = iam.get_paginator("simulate_custom_policy").paginate(
        PolicyInputList=[policy(action="*"), policy("Deny", "dynamodb:Delete*")],
        ActionNames=["dynamodb:GetItem", "dynamodb:DeleteItem", "s3:GetObject"],
        PaginationConfig={"PageSize": 2})
    assert [r["EvalDecision"] for page in pages for r in page["EvaluationResults"]] == [
        "allowed", "explicitDeny", "allowed"]
    iam.delete_role_policy(RoleName=role, PolicyName="own")


def test_the_account(iam, role, managed):
    iam.attach_role_policy(RoleName=role, PolicyArn=managed)
    summary = iam.get_account_summary()["SummaryMap"]
    assert summary["Roles"] >= 1 and summary["AccessKeysPerUserQuota"] == 2
    pages = iam.get_paginator("get_account_authorization_details").paginate(
        Filter=["Role", "LocalManagedPolicy"], PaginationConfig={"PageSize": 1})
    roles, policies = [], []
    for page in pages:
        assert page["UserDetailList"] == page["GroupDetailList"] == []
        roles += page["RoleDetailList"]
        policies += page["Policies"]
    [mine] = [found for found in roles if found["RoleName"] == role]
    assert mine["AttachedManagedPolicies"][0]["PolicyArn"] == managed
    assert managed in [found["Arn"] for found in policies]
    iam.detach_role_policy(RoleName=role, PolicyArn=managed)
    iam.create_account_alias(AccountAlias="my-account")
    assert iam.list_account_aliases()["AccountAliases"] == ["my-account"]
    iam.delete_account_alias(AccountAlias="my-account")
    with fails("NoSuchEntity", "The account alias my-account cannot be found."):
        iam.delete_account_alias(AccountAlias="my-account")
