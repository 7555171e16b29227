"""CreateTable, DescribeTable, ListTables, UpdateTable, DeleteTable."""

import datetime
import re

import pytest

from conftest import create_table, make_client, refused, wait_until_active
from server import Server
from wire import call

HASH = [{"AttributeName": "id", "KeyType": "HASH"}]
STRING = [{"AttributeName": "id", "AttributeType": "S"}]


def test_on_demand_table_is_described_whole(client, name):
    created = client.create_table(TableName=name, AttributeDefinitions=STRING, KeySchema=HASH,
                                  BillingMode="PAY_PER_REQUEST")["TableDescription"]
    assert created["TableStatus"] in ("CREATING", "ACTIVE")
    table = wait_until_active(client, name)
    assert table["TableName"] == name
    assert table["TableArn"] == f"arn:aws:dynamodb:us-east-1:000000000000:table/{name}"
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", table["TableId"])
    assert table["TableId"] == created["TableId"]
    assert table["AttributeDefinitions"] == STRING
    assert table["KeySchema"] == HASH
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    throughput = table["ProvisionedThroughput"]
    assert (throughput["ReadCapacityUnits"], throughput["WriteCapacityUnits"]) == (0, 0)
    assert throughput["NumberOfDecreasesToday"] == 0
    assert (table["ItemCount"], table["TableSizeBytes"]) == (0, 0)
    age = datetime.datetime.now(datetime.timezone.utc) - table["CreationDateTime"]
    assert abs(age) < datetime.timedelta(minutes=1)
    assert "StreamSpecification" not in table and "LatestStreamArn" not in table


def test_provisioned_table_with_sort_key(client, name):
    table = create_table(client, name, "id:S sort:N", BillingMode="PROVISIONED",
                         ProvisionedThroughput={"ReadCapacityUnits": 3, "WriteCapacityUnits": 4})
    assert [key["KeyType"] for key in table["KeySchema"]] == ["HASH", "RANGE"]
    throughput = table["ProvisionedThroughput"]
    assert (throughput["ReadCapacityUnits"], throughput["WriteCapacityUnits"]) == (3, 4)
    assert "BillingModeSummary" not in table


def test_create_twice(client, table):
    with refused("ResourceInUseException", f"Table already exists: {table}"):
        client.create_table(TableName=table, AttributeDefinitions=STRING, KeySchema=HASH,
                            BillingMode="PAY_PER_REQUEST")


def test_no_such_table(client):
    message = "Requested resource not found: Table: nowhere not found"
    with refused("ResourceNotFoundException", message):
        client.describe_table(TableName="nowhere")
    with refused("ResourceNotFoundException", message):
        client.delete_table(TableName="nowhere")
    with refused("ResourceNotFoundException"):
        client.update_table(TableName="nowhere", BillingMode="PAY_PER_REQUEST")


@pytest.mark.parametrize("options, message", [
    ({"KeySchema": [{"AttributeName": "other", "KeyType": "HASH"}]}, None),
    ({"AttributeDefinitions": STRING + [{"AttributeName": "extra", "AttributeType": "S"}]}, None),
    ({"KeySchema": [{"AttributeName": "id", "KeyType": "RANGE"}]}, None),
    ({"BillingMode": "PROVISIONED"}, None),
    ({"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}},
     "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits "
     "can be specified when BillingMode is PAY_PER_REQUEST"),
    ({"TableName": "ab"},
     "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: "
     "Member must have length greater than or equal to 3"),
    ({"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "BOOL"}]},
     "1 validation error detected: Value 'BOOL' at 'attributeDefinitions.1.member.attributeType' "
     "failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]"),
])
def test_invalid_definitions(server, name, options, message):
    unchecked = make_client(server, parameter_validation=False)
    request = {"TableName": name, "AttributeDefinitions": STRING, "KeySchema": HASH,
               "BillingMode": "PAY_PER_REQUEST"}
    with refused("ValidationException", message):
        unchecked.create_table(**{**request, **options})


def test_list_tables_in_order_and_pages():
    with Server("--memory") as server:
        client = make_client(server)
        assert client.list_tables()["TableNames"] == []
        names = [f"list-{number:02}" for number in (3, 1, 2, 5, 4)]
        for name in names:
            create_table(client, name)
        assert client.list_tables()["TableNames"] == sorted(names)
        first = client.list_tables(Limit=2)
        assert first["TableNames"] == ["list-01", "list-02"]
        assert first["LastEvaluatedTableName"] == "list-02"
        rest = client.list_tables(ExclusiveStartTableName="list-02")
        assert rest["TableNames"] == ["list-03", "list-04", "list-05"]
        assert "LastEvaluatedTableName" not in rest
        between = client.list_tables(ExclusiveStartTableName="list-02x", Limit=1)
        assert between["TableNames"] == ["list-03"]


def test_update_throughput(client, name):
    create_table(client, name, BillingMode="PROVISIONED",
                 ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5})
    client.update_table(TableName=name, ProvisionedThroughput={
        "ReadCapacityUnits": 10, "WriteCapacityUnits": 7})
    throughput = wait_until_active(client, name)["ProvisionedThroughput"]
    assert (throughput["ReadCapacityUnits"], throughput["WriteCapacityUnits"]) == (10, 7)
    with refused("ValidationException"):
        client.update_table(TableName=name, ProvisionedThroughput={
            "ReadCapacityUnits": 10, "WriteCapacityUnits": 7})


def test_switch_billing_mode(client, table):
    client.update_table(TableName=table, BillingMode="PROVISIONED", ProvisionedThroughput={
        "ReadCapacityUnits": 5, "WriteCapacityUnits": 6})
    described = wait_until_active(client, table)
    assert described["ProvisionedThroughput"]["WriteCapacityUnits"] == 6
    client.update_table(TableName=table, BillingMode="PAY_PER_REQUEST")
    described = wait_until_active(client, table)
    assert described["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert described["ProvisionedThroughput"]["WriteCapacityUnits"] == 0


def test_update_of_nothing(client, table):
    with refused("ValidationException"):
        client.update_table(TableName=table)


# Debian's boto3 is older than the member DeletionProtectionEnabled, so these go below it.
def test_deletion_protection(server, client, name):
    create_table(client, name)
    answer = call(server, "UpdateTable", {"TableName": name, "DeletionProtectionEnabled": True})
    assert answer.status == 200
    wait_until_active(client, name)
    described = call(server, "DescribeTable", {"TableName": name}).json["Table"]
    assert described["DeletionProtectionEnabled"] is True
    with refused("ValidationException",
                 "Resource cannot be deleted as it is currently protected against deletion. "
                 "Disable deletion protection first."):
        client.delete_table(TableName=name)
    call(server, "UpdateTable", {"TableName": name, "DeletionProtectionEnabled": False})
    wait_until_active(client, name)
    client.delete_table(TableName=name)


def test_deleted_table_is_gone_and_its_name_free(client, name):
    first = create_table(client, name)
    client.put_item(TableName=name, Item={"id": {"S": "a"}})
    deleted = client.delete_table(TableName=name)["TableDescription"]
    assert deleted["TableName"] == name
    client.get_waiter("table_not_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    assert name not in client.list_tables()["TableNames"]
    with refused("ResourceNotFoundException", "Requested resource not found"):
        client.get_item(TableName=name, Key={"id": {"S": "a"}})
    second = create_table(client, name)
    assert second["TableId"] != first["TableId"]
    assert "Item" not in client.get_item(TableName=name, Key={"id": {"S": "a"}})
