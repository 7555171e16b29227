"""Tags, reserved concurrency, permissions and asynchronous invocations of functions."""

import json

import pytest

from lambda_functions import ARN, create, failing, new_name


@pytest.fixture
def function(functions):
    name = new_name()
    create(functions, name)
    yield name
    functions.delete_function(FunctionName=name)


def test_tags(functions, function):
    arn = ARN + function
    assert functions.list_tags(Resource=arn)["Tags"] == {}
    functions.tag_resource(Resource=arn, Tags={"a": "1", "b c": "ü"})
    functions.tag_resource(Resource=arn, Tags={"a": "2"})
    assert functions.list_tags(Resource=arn)["Tags"] == {"a": "2", "b c": "ü"}
    functions.untag_resource(Resource=arn, TagKeys=["a", "b c", "none"])
    assert functions.list_tags(Resource=arn)["Tags"] == {}
    for tags in ({"": "x"}, {"k" * 129: "x"}, {"k": "x" * 257}, {"aws:k": "x"},
                 {str(i): "" for i in range(51)}):
        with failing("InvalidParameterValueException", 400):
            functions.tag_resource(Resource=arn, Tags=tags)
    with failing("ResourceNotFoundException", 404):
        functions.tag_resource(Resource=ARN + "nothing", Tags={"a": "1"})
    with failing("InvalidParameterValueException", 400):
        functions.tag_resource(Resource=arn + ":1", Tags={"a": "1"})


def test_concurrency(functions, function):
    limit = functions.get_account_settings()["AccountLimit"]
    assert "ReservedConcurrentExecutions" not in functions.get_function_concurrency(
        FunctionName=function)
    put = functions.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=7)
    assert put["ReservedConcurrentExecutions"] == 7
    assert functions.get_function(FunctionName=function)["Concurrency"] == {
        "ReservedConcurrentExecutions": 7}
    now = functions.get_account_settings()["AccountLimit"]
    assert limit["UnreservedConcurrentExecutions"] - now["UnreservedConcurrentExecutions"] == 7
    with failing("InvalidParameterValueException", 400) as refusal:
        functions.put_function_concurrency(
            FunctionName=function, ReservedConcurrentExecutions=limit["ConcurrentExecutions"])
    assert "below its minimum value of" in refusal.response["Error"]["Message"]
    functions.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)
    with failing("TooManyRequestsException", 429, "Rate Exceeded.") as refusal:
        functions.invoke(FunctionName=function)
    assert refusal.response["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    functions.delete_function_concurrency(FunctionName=function)
    assert "ReservedConcurrentExecutions" not in functions.get_function_concurrency(
        FunctionName=function)


def test_account_settings(functions, function):
    settings = functions.get_account_settings()
    assert settings["AccountUsage"]["FunctionCount"] >= 1
    assert settings["AccountUsage"]["TotalCodeSize"] > 0
    assert settings["AccountLimit"]["CodeSizeUnzipped"] == 262144000


def test_policy(functions, function):
    with failing("ResourceNotFoundException", 404, "The resource you requested does not exist."):
        functions.get_policy(FunctionName=function)
    added = functions.add_permission(
        FunctionName=function, StatementId="s1", Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com", SourceArn="arn:aws:s3:::bucket", SourceAccount="000000000000")
    statement = json.loads(added["Statement"])
    assert statement == {
        "Sid": "s1", "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "lambda:InvokeFunction", "Resource": ARN + function,
        "Condition": {"StringEquals": {"AWS:SourceAccount": "000000000000"},
                      "ArnLike": {"AWS:SourceArn": "arn:aws:s3:::bucket"}}}
    functions.add_permission(FunctionName=function, StatementId="s2", Action="lambda:*",
                             Principal="123456789012")
    shown = functions.get_policy(FunctionName=function)
    policy = json.loads(shown["Policy"])
    assert policy["Version"] == "2012-10-17" and policy["Statement"][0] == statement
    assert policy["Statement"][1]["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    with failing("ResourceConflictException", 409):
        functions.add_permission(FunctionName=function, StatementId="s1", Action="lambda:*",
                                 Principal="*")
    with failing("PreconditionFailedException", 412):
        functions.remove_permission(FunctionName=function, StatementId="s1", RevisionId="other")
    functions.remove_permission(FunctionName=function, StatementId="s1",
                                RevisionId=shown["RevisionId"])
    with failing("ResourceNotFoundException", 404,
                 "Statement s1 is not found in resource policy."):
        functions.remove_permission(FunctionName=function, StatementId="s1")


def test_a_policy_is_limited(functions, function):
    with failing("PolicyLengthExceededException", 400):
        for number in range(1000):
            functions.add_permission(FunctionName=function, StatementId=f"s{number}",
                                     Action="lambda:*", Principal="*")
    assert len(functions.get_policy(FunctionName=function)["Policy"]) <= 20480


def test_event_invoke_config(functions, function):
    with failing("ResourceNotFoundException", 404,
                 f"The function {ARN}{function}:$LATEST doesn't have an EventInvokeConfig"):
        functions.get_function_event_invoke_config(FunctionName=function)
    put = functions.put_function_event_invoke_config(FunctionName=function, MaximumRetryAttempts=1)
    assert (put["FunctionArn"], put["MaximumRetryAttempts"]) == (f"{ARN}{function}:$LATEST", 1)
    updated = functions.update_function_event_invoke_config(FunctionName=function,
                                                            MaximumEventAgeInSeconds=60)
    assert (updated["MaximumRetryAttempts"], updated["MaximumEventAgeInSeconds"]) == (1, 60)
    put = functions.put_function_event_invoke_config(FunctionName=function,
                                                     MaximumEventAgeInSeconds=70)
    assert "MaximumRetryAttempts" not in put
    functions.publish_version(FunctionName=function)
    functions.put_function_event_invoke_config(FunctionName=function, Qualifier="1",
                                               MaximumRetryAttempts=0)
    listed = functions.get_paginator("list_function_event_invoke_configs").paginate(
        FunctionName=function, PaginationConfig={"PageSize": 1})
    assert [c["FunctionArn"].split(":")[-1] for page in listed
            for c in page["FunctionEventInvokeConfigs"]] == ["$LATEST", "1"]
    with failing("InvalidParameterValueException", 400) as refusal:
        functions.put_function_event_invoke_config(FunctionName=function, DestinationConfig={
            "OnFailure": {"Destination": ARN + function}})
    assert "DestinationConfig.OnFailure" in refusal.response["Error"]["Message"]
    with failing("InvalidParameterValueException", 400):
        functions.put_function_event_invoke_config(FunctionName=function)
    with failing("ResourceNotFoundException", 404):
        functions.put_function_event_invoke_config(FunctionName=function, Qualifier="9",
                                                   MaximumRetryAttempts=0)
    functions.delete_function_event_invoke_config(FunctionName=function)
    with failing("ResourceNotFoundException", 404):
        functions.delete_function_event_invoke_config(FunctionName=function)
