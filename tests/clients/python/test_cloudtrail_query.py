"""The event history, event data stores and queries with boto3."""

import time

import botocore.exceptions
import pytest

from conftest import COUNTER, make_client
from credentials import ACCESS_KEY_ID, ENFORCED
from wire import call

SECONDS_MAX = 30
DATA_EVENTS = [{"FieldSelectors": [
    {"Field": "eventCategory", "Equals": ["Data"]},
    {"Field": "resources.type", "Equals": ["AWS::DynamoDB::Table"]}]}]


@pytest.fixture(scope="session")
def cloudtrail(server):
    return make_client(server, "cloudtrail")


@pytest.fixture
def store(cloudtrail):
    made = cloudtrail.create_event_data_store(
        Name=f"store-{next(COUNTER)}", AdvancedEventSelectors=DATA_EVENTS,
        TerminationProtectionEnabled=False)
    yield made["EventDataStoreArn"]
    cloudtrail.delete_event_data_store(EventDataStore=made["EventDataStoreArn"])


def refused(call, **parameters):
    with pytest.raises(botocore.exceptions.ClientError) as error:
        call(**parameters)
    return error.value.response["Error"]["Code"]


def ask_of_ingestion(server, verb, arn):
    """What the SDK at hand does not know yet. The error's name; None: it is done."""
    answer = call(server, f"{verb}EventDataStoreIngestion", {"EventDataStore": arn},
                  service="com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101",
                  headers={"Content-Type": "application/x-amz-json-1.1"})
    return answer.json.get("__type")


def finished(cloudtrail, query_id):
    deadline = time.monotonic() + SECONDS_MAX
    while time.monotonic() < deadline:
        state = cloudtrail.describe_query(QueryId=query_id)
        if state["QueryStatus"] not in ("QUEUED", "RUNNING"):
            return state
        time.sleep(0.02)
    raise AssertionError(state)


def ask(cloudtrail, statement):
    """The rows, each a dictionary."""
    query_id = cloudtrail.start_query(QueryStatement=statement)["QueryId"]
    state = finished(cloudtrail, query_id)
    assert state["QueryStatus"] == "FINISHED", state
    rows = []
    for page in pages(cloudtrail, query_id):
        for row in page["QueryResultRows"]:
            rows.append({name: value for cell in row for name, value in cell.items()})
    return rows


def pages(cloudtrail, query_id):
    more = {}
    while True:
        page = cloudtrail.get_query_results(QueryId=query_id, MaxQueryResults=7, **more)
        yield page
        if "NextToken" not in page:
            return
        more = {"NextToken": page["NextToken"]}


def test_the_history_has_what_was_just_done(client, cloudtrail, table):
    events = cloudtrail.lookup_events(LookupAttributes=[
        {"AttributeKey": "ResourceName", "AttributeValue": table}])["Events"]
    created, = [e for e in events if e["EventName"] == "CreateTable"]
    assert created["EventSource"] == "dynamodb.amazonaws.com"
    assert (created["ReadOnly"], created["AccessKeyId"]) == ("false", ACCESS_KEY_ID)
    assert ENFORCED or created["Username"] == "test"
    assert {"ResourceType": "AWS::DynamoDB::Table", "ResourceName": table} in created["Resources"]
    assert created["EventId"] in created["CloudTrailEvent"]


def test_the_history_in_pages(client, cloudtrail, table):
    for _ in range(5):
        client.describe_table(TableName=table)
    attributes = [{"AttributeKey": "ResourceName", "AttributeValue": table}]
    before = [e["EventId"] for e in cloudtrail.lookup_events(
        LookupAttributes=attributes)["Events"]]
    assert len(before) >= 6
    seen, more = [], {}
    while True:
        page = cloudtrail.lookup_events(LookupAttributes=attributes, MaxResults=2, **more)
        seen += [e["EventId"] for e in page["Events"]]
        assert len(page["Events"]) <= 2
        if "NextToken" not in page:
            break
        client.describe_table(TableName=table)  # comes in before what is read
        more = {"NextToken": page["NextToken"]}
    assert seen == before


def test_no_insights(cloudtrail):
    assert cloudtrail.lookup_events(EventCategory="insight")["Events"] == []


def test_refused_lookups(cloudtrail):
    two = [{"AttributeKey": "EventName", "AttributeValue": "a"},
           {"AttributeKey": "EventId", "AttributeValue": "b"}]
    assert refused(cloudtrail.lookup_events,
                   LookupAttributes=two) == "InvalidLookupAttributesException"
    assert refused(cloudtrail.lookup_events,
                   StartTime=200, EndTime=100) == "InvalidTimeRangeException"
    assert refused(cloudtrail.lookup_events, MaxResults=51) == "InvalidMaxResultsException"
    assert refused(cloudtrail.lookup_events, NextToken="what") == "InvalidNextTokenException"


def test_a_store_and_its_queries(client, cloudtrail, store, table):
    before = f"before-{table}"
    for number in range(10):
        client.put_item(TableName=table, Item={"id": {"S": f"{table}-{number}"}})
    client.get_item(TableName=table, Key={"id": {"S": before}})
    rows = ask(cloudtrail, f"""
        SELECT eventName, userIdentity.userName, userIdentity.accessKeyId,
            requestParameters.key.id, readOnly, errorCode
        FROM {store} WHERE requestParameters.tableName = '{table}' ORDER BY eventTime, eventID""")
    assert len(rows) == 11
    assert sorted(r["id"] for r in rows) == sorted(
        [before] + [f"{table}-{number}" for number in range(10)])
    assert {r["accessKeyId"] for r in rows} == {ACCESS_KEY_ID}
    assert ENFORCED or {r["userName"] for r in rows} == {"test"}
    assert {(r["eventName"], r["readOnly"]) for r in rows} == {
        ("PutItem", "false"), ("GetItem", "true")}
    # The store has data events alone; all events has those, too, and others.
    count, = ask(cloudtrail, f"SELECT count(*) AS n FROM {store} WHERE managementEvent = true")
    assert count["n"] == "0"
    count, = ask(cloudtrail, "SELECT count(*) AS n FROM events WHERE managementEvent = true")
    assert int(count["n"]) > 0
    listed = cloudtrail.list_queries(EventDataStore=store)["Queries"]
    assert [q["QueryStatus"] for q in listed] == ["FINISHED"] * 2


def test_refused_statements(cloudtrail, store):
    for statement in ("DELETE FROM events", "SELECT 1; SELECT 2", "SELECT nobody FROM events",
                      "SELECT * FROM sqlite_master", "SELECT 'x", "PRAGMA query_only = 0",
                      "ATTACH 'x' AS y", "SELECT load_extension('x') FROM events",
                      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
                      "SELECT * FROM c"):
        assert refused(cloudtrail.start_query,
                       QueryStatement=statement) == "InvalidQueryStatementException", statement
    nothing = store[:-12] + "0" * 12
    assert refused(cloudtrail.start_query, QueryStatement=f"SELECT 1 FROM {nothing}") == (
        "EventDataStoreNotFoundException")
    assert refused(cloudtrail.start_query, QueryStatement="SELECT 1 FROM events",
                   DeliveryS3Uri="s3://bucket/prefix") == "InvalidParameterException"
    unknown = "01234567-89ab-4def-8123-456789abcdef"
    assert refused(cloudtrail.describe_query, QueryId=unknown) == "QueryIdNotFoundException"
    assert refused(cloudtrail.get_query_results, QueryId=unknown) == "QueryIdNotFoundException"
    assert refused(cloudtrail.cancel_query, QueryId=unknown) == "QueryIdNotFoundException"


def test_a_finished_query_cannot_be_cancelled(cloudtrail):
    query_id = cloudtrail.start_query(QueryStatement="SELECT 1 FROM events LIMIT 1")["QueryId"]
    finished(cloudtrail, query_id)
    assert refused(cloudtrail.cancel_query, QueryId=query_id) == "InactiveQueryException"


def test_the_life_of_a_store(server, cloudtrail):
    name = f"store-{next(COUNTER)}"
    made = cloudtrail.create_event_data_store(Name=name, RetentionPeriod=30,
                                              TagsList=[{"Key": "team", "Value": "audit"}])
    arn = made["EventDataStoreArn"]
    assert (made["Status"], made["RetentionPeriod"]) == ("ENABLED", 30)
    assert made["AdvancedEventSelectors"][0]["FieldSelectors"] == [
        {"Field": "eventCategory", "Equals": ["Management"]}]
    assert refused(cloudtrail.create_event_data_store,
                   Name=name) == "EventDataStoreAlreadyExistsException"
    assert arn in [s["EventDataStoreArn"]
                   for s in cloudtrail.list_event_data_stores()["EventDataStores"]]
    tags, = cloudtrail.list_tags(ResourceIdList=[arn])["ResourceTagList"]
    assert tags["TagsList"] == [{"Key": "team", "Value": "audit"}]

    assert ask_of_ingestion(server, "Stop", arn) is None
    assert cloudtrail.get_event_data_store(EventDataStore=arn)["Status"] == "STOPPED_INGESTION"
    assert ask_of_ingestion(server, "Start", arn) is None
    assert ask_of_ingestion(server, "Start", arn) == "InvalidEventDataStoreStatusException"

    assert refused(cloudtrail.delete_event_data_store,
                   EventDataStore=arn) == "EventDataStoreTerminationProtectedException"
    cloudtrail.update_event_data_store(EventDataStore=arn, TerminationProtectionEnabled=False)
    cloudtrail.delete_event_data_store(EventDataStore=arn)
    assert cloudtrail.get_event_data_store(EventDataStore=arn)["Status"] == "PENDING_DELETION"
    assert cloudtrail.restore_event_data_store(EventDataStore=arn)["Status"] == "ENABLED"
    cloudtrail.delete_event_data_store(EventDataStore=arn)


def test_refused_stores(cloudtrail):
    create = cloudtrail.create_event_data_store
    assert refused(create, Name="long", RetentionPeriod=3653) == "InvalidParameterException"
    assert refused(create, Name="keys", KmsKeyId="alias/x") == "InvalidParameterException"
    assert refused(create, Name="everybody",
                   OrganizationEnabled=True) == "InvalidParameterException"
    assert refused(cloudtrail.get_event_data_store,
                   EventDataStore="nothing") == "EventDataStoreNotFoundException"
