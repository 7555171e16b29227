"""The AWS CLI's table commands."""

import pytest



def test_life_of_a_table(dynamodb, name):
    created = dynamodb("create-table", "--table-name", name, "--attribute-definitions",
                       "AttributeName=p,AttributeType=S", "AttributeName=s,AttributeType=N",
                       "--key-schema", "AttributeName=p,KeyType=HASH",
                       "AttributeName=s,KeyType=RANGE", "--provisioned-throughput",
                       "ReadCapacityUnits=5,WriteCapacityUnits=6")["TableDescription"]
    assert created["TableName"] == name
    dynamodb("wait", "table-exists", "--table-name", name)
    assert name in dynamodb("list-tables")["TableNames"]
    with pytest.raises(AssertionError, match="ResourceInUseException.*Table already exists: " + name):
        dynamodb("create-table", "--table-name", name, "--attribute-definitions",
                 "AttributeName=p,AttributeType=S", "--key-schema",
                 "AttributeName=p,KeyType=HASH", "--billing-mode", "PAY_PER_REQUEST")
    dynamodb("update-table", "--table-name", name, "--billing-mode", "PAY_PER_REQUEST")
    table = dynamodb("describe-table", "--table-name", name)["Table"]
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    dynamodb("delete-table", "--table-name", name)
    dynamodb("wait", "table-not-exists", "--table-name", name)
    with pytest.raises(AssertionError, match="ResourceNotFoundException"):
        dynamodb("describe-table", "--table-name", name)


def test_list_tables_pages(dynamodb, cli_table):
    paged = dynamodb("list-tables", "--page-size", 1)["TableNames"]
    assert cli_table in paged


def test_unbuilt_operations_say_so(dynamodb, cli_table):
    with pytest.raises(AssertionError, match="UnknownOperationException"):
        dynamodb("describe-continuous-backups", "--table-name", cli_table)
