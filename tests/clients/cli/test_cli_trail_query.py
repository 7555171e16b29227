"""`millrace trail query` and `millrace trail who`."""

import json

import pytest

from client_commands import millrace, streamed  # noqa: F401
from conftest import COUNTER, make_client
from credentials import PRINCIPAL_ARN

DATA_EVENTS = [{"FieldSelectors": [
    {"Field": "eventCategory", "Equals": ["Data"]},
    {"Field": "resources.type", "Equals": ["AWS::DynamoDB::Table"]}]}]


@pytest.fixture
def store(server):
    cloudtrail = make_client(server, "cloudtrail")
    made = cloudtrail.create_event_data_store(
        Name=f"cli-store-{next(COUNTER)}", AdvancedEventSelectors=DATA_EVENTS,
        TerminationProtectionEnabled=False)
    yield made["EventDataStoreArn"]
    cloudtrail.delete_event_data_store(EventDataStore=made["EventDataStoreArn"])


def put(client, name, one, **more):
    return client.put_item(TableName=name, Item={"id": {"S": one}, **more})


def test_a_query_in_every_format(millrace, client, store, streamed):
    put(client, streamed, "a,b")
    client.get_item(TableName=streamed, Key={"id": {"S": "c"}})
    statement = ("SELECT eventName, requestParameters.key.id, errorCode "
                 f"WHERE requestParameters.tableName = '{streamed}' ORDER BY eventName DESC")
    command = ("trail", "query", statement, "--event-data-store", store)
    assert millrace(*command).splitlines() == [
        "eventName  id   errorCode", "PutItem    a,b  -", "GetItem    c    -"]
    assert [json.loads(line) for line in millrace(*command, "--format", "json").splitlines()] == [
        {"eventName": "PutItem", "id": "a,b", "errorCode": None},
        {"eventName": "GetItem", "id": "c", "errorCode": None}]
    assert millrace(*command, "--format", "csv").splitlines() == [
        "eventName,id,errorCode", 'PutItem,"a,b",', "GetItem,c,"]


def test_all_events_without_from(millrace, client, table):
    names = millrace("trail", "query", "SELECT eventName WHERE eventName = 'CreateTable' AND "
                     f"requestParameters.tableName = '{table}'")
    assert names.split() == ["eventName", "CreateTable"]
    assert millrace("trail", "query", "SELECT eventName WHERE eventName = 'Nothing'") == ""


def test_many_rows_come_in_pages(millrace, client, store, table):
    for number in range(1100):
        put(client, table, str(number))
    lines = millrace("trail", "query", f"SELECT requestParameters.key.id FROM {store} WHERE "
                     f"requestParameters.tableName = '{table}'", "--format", "json").splitlines()
    assert sorted(int(json.loads(line)["id"]) for line in lines) == list(range(1100))


def test_refused_queries(millrace):
    refusal = millrace.refusal("trail", "query", "SELECT nobody FROM events")
    assert refusal.startswith("millrace: StartQuery: InvalidQueryStatementException: ")
    assert "no such column: nobody" in refusal
    assert "only SELECT is allowed" in millrace.refusal("trail", "query", "DELETE FROM events")
    assert "EventDataStoreNotFoundException" in millrace.refusal(
        "trail", "query", "SELECT 1", "--event-data-store", "nothing")


def test_who_touched_an_item(millrace, server, client, store, streamed):
    key = {"id": {"S": "one"}}
    put(client, streamed, "one", version={"N": "1"})
    put(client, streamed, "two")
    client.get_item(TableName=streamed, Key=key)
    client.transact_write_items(TransactItems=[
        {"Update": {"TableName": streamed, "Key": key, "UpdateExpression": "SET version = :v",
                    "ExpressionAttributeValues": {":v": {"N": "2"}}}},
        {"Put": {"TableName": streamed, "Item": {"id": {"S": "three"}}}}])
    client.batch_get_item(RequestItems={streamed: {"Keys": [key, {"id": {"S": "two"}}]}})
    client.execute_statement(Statement=f"SELECT * FROM \"{streamed}\" WHERE id = 'one'")
    with pytest.raises(client.exceptions.ConditionalCheckFailedException):
        client.delete_item(TableName=streamed, Key=key,
                           ConditionExpression="attribute_not_exists(id)")
    command = ("trail", "who", streamed, "--key", json.dumps(key))
    events = [json.loads(line) for line in millrace(*command, "--format", "json").splitlines()]
    assert [(e["EventName"], e.get("ErrorCode")) for e in events] == [
        ("DeleteItem", "ConditionalCheckFailedException"), ("ExecuteStatement", None),
        ("BatchGetItem", None), ("TransactWriteItems", None), ("GetItem", None),
        ("PutItem", None)]
    assert {e["PrincipalArn"] for e in events} == {PRINCIPAL_ARN}
    assert all(json.loads(e["CloudTrailEvent"])["eventID"] == e["EventId"] for e in events)

    header, *rows = millrace(*command).splitlines()
    assert header.split() == ["TIME", "PRINCIPAL", "OPERATION", "SOURCE", "ERROR", "CHANGE"]
    assert [row.split()[2] for row in rows] == [e["EventName"] for e in events]
    assert millrace(*command, "--since", "1h").splitlines()[1:] == rows
    assert millrace(*command, "--since", "2100-01-01") == ""


def test_each_change_has_its_stream_record(millrace, client, store, streamed):
    put(client, streamed, "one", version={"N": "1"})
    put(client, streamed, "one", version={"N": "2"})
    put(client, streamed, "two")
    client.delete_item(TableName=streamed, Key={"id": {"S": "one"}})
    events = [json.loads(line) for line in millrace(
        "trail", "who", streamed, "--key", '{"id":{"S":"one"}}', "--format",
        "json").splitlines()]
    assert [(e["EventName"], [r["eventName"] for r in e["StreamRecords"]]) for e in events] == [
        ("DeleteItem", ["REMOVE"]), ("PutItem", ["MODIFY"]), ("PutItem", ["INSERT"])]


def test_what_is_no_key(millrace, table):
    assert "--key must be" in millrace.refusal("trail", "who", table, "--key", "id-1")
    assert "--key must be" in millrace.refusal("trail", "who", table, "--key", '{"id":"one"}')
    assert "does not match the schema" in millrace.refusal(
        "trail", "who", table, "--key", '{"other":{"S":"one"}}')
