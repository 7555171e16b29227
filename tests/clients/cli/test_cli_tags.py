"""The AWS CLI's tag commands."""

import pytest


def test_tags(dynamodb, cli_table):
    arn = dynamodb("describe-table", "--table-name", cli_table)["Table"]["TableArn"]
    dynamodb("tag-resource", "--resource-arn", arn, "--tags", "Key=env,Value=test",
             "Key=team,Value=platform")
    assert dynamodb("list-tags-of-resource", "--resource-arn", arn) == {
        "Tags": [{"Key": "env", "Value": "test"}, {"Key": "team", "Value": "platform"}]}
    dynamodb("untag-resource", "--resource-arn", arn, "--tag-keys", "env")
    assert dynamodb("list-tags-of-resource", "--resource-arn", arn) == {
        "Tags": [{"Key": "team", "Value": "platform"}]}
    with pytest.raises(AssertionError, match="ResourceNotFoundException"):
        dynamodb("list-tags-of-resource", "--resource-arn", arn + "x")


def test_created_with_tags(dynamodb, name):
    arn = dynamodb("create-table", "--table-name", name, "--attribute-definitions",
                   "AttributeName=id,AttributeType=S", "--key-schema",
                   "AttributeName=id,KeyType=HASH", "--billing-mode", "PAY_PER_REQUEST",
                   "--tags", "Key=env,Value=test")["TableDescription"]["TableArn"]
    assert dynamodb("list-tags-of-resource", "--resource-arn", arn)["Tags"] == [
        {"Key": "env", "Value": "test"}]


def test_limits_and_endpoints(dynamodb):
    assert dynamodb("describe-limits")["TableMaxReadCapacityUnits"] == 40000
    assert dynamodb("describe-endpoints")["Endpoints"][0]["CachePeriodInMinutes"] == 1440
