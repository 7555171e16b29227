"""The AWS CLI's iam commands, as docs/access.md shows them."""

import pytest

from iam_calls import policy, trust


@pytest.fixture
def iam(aws):
    return lambda operation, *arguments: aws("iam", operation, *arguments)


def test_a_user_in_a_group(iam):
    iam("create-user", "--user-name", "cli-alice", "--tags", "Key=team,Value=shop")
    iam("create-group", "--group-name", "cli-readers")
    iam("add-user-to-group", "--group-name", "cli-readers", "--user-name", "cli-alice")
    arn = iam("create-policy", "--policy-name", "cli-read", "--policy-document",
              policy(action=["dynamodb:GetItem", "dynamodb:Query"]))["Policy"]["Arn"]
    iam("attach-group-policy", "--group-name", "cli-readers", "--policy-arn", arn)
    key = iam("create-access-key", "--user-name", "cli-alice")["AccessKey"]
    assert key["Status"] == "Active"
    simulated = iam("simulate-principal-policy", "--policy-source-arn",
                    iam("get-user", "--user-name", "cli-alice")["User"]["Arn"],
                    "--action-names", "dynamodb:GetItem", "dynamodb:PutItem")
    assert [result["EvalDecision"] for result in simulated["EvaluationResults"]] == [
        "allowed", "implicitDeny"]
    with pytest.raises(AssertionError, match=r"\(DeleteConflict\)"):
        iam("delete-user", "--user-name", "cli-alice")
    iam("delete-access-key", "--user-name", "cli-alice", "--access-key-id", key["AccessKeyId"])
    iam("remove-user-from-group", "--group-name", "cli-readers", "--user-name", "cli-alice")
    iam("detach-group-policy", "--group-name", "cli-readers", "--policy-arn", arn)
    iam("delete-group", "--group-name", "cli-readers")
    iam("delete-user", "--user-name", "cli-alice")
    iam("delete-policy", "--policy-arn", arn)
    with pytest.raises(AssertionError, match=r"\(NoSuchEntity\).*cli-alice cannot be found"):
        iam("get-user", "--user-name", "cli-alice")


def test_a_role(iam):
    iam("create-role", "--role-name", "cli-worker", "--assume-role-policy-document", trust())
    iam("put-role-policy", "--role-name", "cli-worker", "--policy-name", "write",
        "--policy-document", policy(action="dynamodb:PutItem"))
    assert iam("list-role-policies", "--role-name", "cli-worker") == {"PolicyNames": ["write"]}
    shown = iam("get-role-policy", "--role-name", "cli-worker", "--policy-name", "write")
    assert shown["PolicyDocument"]["Statement"][0]["Action"] == "dynamodb:PutItem"
    listed = iam("list-roles", "--query", "Roles[].RoleName")
    assert "cli-worker" in listed
    iam("delete-role-policy", "--role-name", "cli-worker", "--policy-name", "write")
    iam("delete-role", "--role-name", "cli-worker")
