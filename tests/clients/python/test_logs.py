"""CloudWatch Logs with boto3: groups, streams and events."""

import time

import pytest

from conftest import COUNTER, make_client, refused
from wire import call

DAY = 24 * 60 * 60 * 1000


def now():
    return int(time.time() * 1000)


def ask(server, operation, **body):
    """What the SDK at hand does not know yet."""
    return call(server, operation, body, service="Logs_20140328",
                headers={"Content-Type": "application/x-amz-json-1.1"})


@pytest.fixture(scope="session")
def logs(server):
    return make_client(server, "logs")


@pytest.fixture
def group(logs):
    name = f"/test/group-{next(COUNTER)}-{time.monotonic_ns() % 10**9}"
    logs.create_log_group(logGroupName=name)
    yield name
    logs.delete_log_group(logGroupName=name)


def put(logs, group, stream, *events):
    """Events are texts, a millisecond apart and ending now, or (timestamp, text)."""
    start = now() - len(events)
    return logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[
        {"timestamp": e[0], "message": e[1]} if isinstance(e, tuple)
        else {"timestamp": start + i, "message": e} for i, e in enumerate(events)])


@pytest.fixture
def stream(logs, group):
    logs.create_log_stream(logGroupName=group, logStreamName="a")
    return "a"


def messages(answer):
    return [event["message"] for event in answer["events"]]


def described(logs, group, **options):
    return logs.describe_log_streams(logGroupName=group, **options)["logStreams"]


def test_a_group_is_described(server, group):
    answer = ask(server, "DescribeLogGroups", logGroupNamePrefix=group)
    assert answer.headers["Content-Type"] == "application/x-amz-json-1.1"
    found = answer.json["logGroups"]
    assert len(found) == 1
    created = found[0].pop("creationTime")
    assert abs(created - now()) < 60_000
    arn = f"arn:aws:logs:us-east-1:000000000000:log-group:{group}"
    assert found[0] == {"logGroupName": group, "metricFilterCount": 0, "arn": arn + ":*",
                        "storedBytes": 0, "logGroupClass": "STANDARD", "logGroupArn": arn}


def test_groups_by_prefix_and_pattern(logs, group):
    logs.create_log_group(logGroupName=group + "/inner", tags={"k": "v"})
    names = lambda **options: [g["logGroupName"] for g in  # noqa: E731
                               logs.describe_log_groups(**options)["logGroups"]]
    assert names(logGroupNamePrefix=group) == [group, group + "/inner"]
    assert names(logGroupNamePattern=group[3:] + "/in") == [group + "/inner"]
    first = logs.describe_log_groups(logGroupNamePrefix=group, limit=1)
    assert [g["logGroupName"] for g in first["logGroups"]] == [group]
    assert names(logGroupNamePrefix=group, nextToken=first["nextToken"]) == [group + "/inner"]
    pages = logs.get_paginator("describe_log_groups").paginate(
        logGroupNamePrefix=group, PaginationConfig={"PageSize": 1})
    assert len([g for page in pages for g in page["logGroups"]]) == 2
    logs.delete_log_group(logGroupName=group + "/inner")
    with refused("InvalidParameterException",
                 "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."):
        names(logGroupNamePrefix="a", logGroupNamePattern="b")
    with refused("InvalidParameterException", "The specified nextToken is invalid."):
        names(nextToken="x")


def test_what_is_there_is_not_made_twice(logs, group, stream):
    with refused("ResourceAlreadyExistsException", "The specified log group already exists"):
        logs.create_log_group(logGroupName=group)
    with refused("ResourceAlreadyExistsException", "The specified log stream already exists"):
        logs.create_log_stream(logGroupName=group, logStreamName=stream)


def test_what_is_not_there(logs, group):
    no_group = "The specified log group does not exist."
    no_stream = "The specified log stream does not exist."
    calls = [(logs.create_log_stream, {"logStreamName": "a"}, no_group),
             (logs.delete_log_group, {}, no_group),
             (logs.delete_log_stream, {"logStreamName": "a"}, no_group),
             (logs.describe_log_streams, {}, no_group),
             (logs.filter_log_events, {}, no_group),
             (logs.get_log_events, {"logStreamName": "a"}, no_group),
             (logs.put_retention_policy, {"retentionInDays": 1}, no_group),
             (logs.delete_retention_policy, {}, no_group),
             (logs.tag_log_group, {"tags": {"a": "b"}}, no_group),
             (logs.untag_log_group, {"tags": ["a"]}, no_group),
             (logs.list_tags_log_group, {}, no_group)]
    for call, parameters, message in calls:
        with refused("ResourceNotFoundException", message):
            call(logGroupName=group + "x", **parameters)
    for call in (logs.delete_log_stream, logs.get_log_events):
        with refused("ResourceNotFoundException", no_stream):
            call(logGroupName=group, logStreamName="none")
    with refused("ResourceNotFoundException", no_stream):
        put(logs, group, "none", "text")
    with refused("ResourceNotFoundException", no_stream):
        logs.filter_log_events(logGroupName=group, logStreamNames=["none"])


def test_bad_names_are_refused(logs):
    with refused("InvalidParameterException",
                 "1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: "
                 "Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+"):
        logs.create_log_group(logGroupName="a b")
    with refused("InvalidParameterException"):
        logs.create_log_group(logGroupName="a", kmsKeyId="key")


def test_a_stream_is_described(logs, group, stream):
    before = described(logs, group)[0]
    assert set(before) == {"logStreamName", "creationTime", "arn", "storedBytes"}
    assert before["arn"] == (f"arn:aws:logs:us-east-1:000000000000:log-group:{group}"
                             ":log-stream:a")
    answer = put(logs, group, stream, (now() - 5000, "first"), (now() - 1000, "second"))
    after = described(logs, group)[0]
    assert after["lastEventTimestamp"] - after["firstEventTimestamp"] in range(3900, 4100)
    assert abs(after["lastIngestionTime"] - now()) < 60_000
    assert after["uploadSequenceToken"] == answer["nextSequenceToken"]
    stored = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["storedBytes"]
    assert stored == len("firstsecond") + 2 * 26


def test_streams_in_both_orders(logs, group):
    for number, name in enumerate(["b/1", "b/2", "a", "c"]):
        logs.create_log_stream(logGroupName=group, logStreamName=name)
        if name != "c":
            put(logs, group, name, (now() - number * 1000, "text"))
    names = lambda **options: [s["logStreamName"] for s in described(logs, group, **options)]  # noqa: E731
    assert names() == ["a", "b/1", "b/2", "c"]
    assert names(descending=True) == ["c", "b/2", "b/1", "a"]
    assert names(logStreamNamePrefix="b/") == ["b/1", "b/2"]
    assert names(logStreamNamePrefix="b/", descending=True) == ["b/2", "b/1"]
    assert names(orderBy="LastEventTime", descending=True) == ["b/1", "b/2", "a", "c"]
    assert names(orderBy="LastEventTime") == ["c", "a", "b/2", "b/1"]
    for options in ({}, {"descending": True}, {"orderBy": "LastEventTime"},
                    {"orderBy": "LastEventTime", "descending": True}):
        pages = logs.get_paginator("describe_log_streams").paginate(
            logGroupName=group, PaginationConfig={"PageSize": 1}, **options)
        assert [s["logStreamName"] for page in pages for s in page["logStreams"]] == names(**options)
    with refused("InvalidParameterException",
                 "Cannot order by LastEventTime with a logStreamNamePrefix."):
        names(orderBy="LastEventTime", logStreamNamePrefix="b")


def test_events_are_read_page_by_page(logs, group, stream):
    put(logs, group, stream, *[f"event {i}" for i in range(10)])
    assert messages(logs.get_log_events(logGroupName=group, logStreamName=stream)) == [
        f"event {i}" for i in range(10)]
    read = lambda **options: logs.get_log_events(  # noqa: E731
        logGroupName=group, logStreamName=stream, limit=4, **options)
    first = read(startFromHead=True)
    assert messages(first) == [f"event {i}" for i in range(4)]
    second = read(startFromHead=True, nextToken=first["nextForwardToken"])
    assert messages(second) == [f"event {i}" for i in range(4, 8)]
    third = read(startFromHead=True, nextToken=second["nextForwardToken"])
    assert messages(third) == ["event 8", "event 9"]
    end = read(startFromHead=True, nextToken=third["nextForwardToken"])
    assert messages(end) == [] and end["nextForwardToken"] == third["nextForwardToken"]
    assert messages(read(nextToken=third["nextBackwardToken"])) == [f"event {i}" for i in range(4, 8)]
    assert messages(read(nextToken=end["nextBackwardToken"])) == [f"event {i}" for i in range(6, 10)]
    tail = read()
    assert messages(tail) == [f"event {i}" for i in range(6, 10)]
    assert messages(read(nextToken=tail["nextBackwardToken"])) == [f"event {i}" for i in range(2, 6)]
    start = read(nextToken=first["nextBackwardToken"])
    assert messages(start) == [] and start["nextBackwardToken"] == first["nextBackwardToken"]
    put(logs, group, stream, "later")
    assert messages(read(startFromHead=True, nextToken=end["nextForwardToken"])) == ["later"]
    for token in ("x", "f/1", first["nextForwardToken"] + "0", "f/" + "9" * 56):
        with refused("InvalidParameterException", "The specified nextToken is invalid."):
            read(nextToken=token)


def test_times_bound_what_is_read(logs, group, stream):
    start = now() - 10_000
    put(logs, group, stream, *[(start + i, f"event {i}") for i in range(5)])
    read = lambda **options: messages(logs.get_log_events(  # noqa: E731
        logGroupName=group, logStreamName=stream, **options))
    assert read(startTime=start + 1, endTime=start + 3) == ["event 1", "event 2"]
    assert read(startTime=start + 3, endTime=start + 1) == []
    find = lambda **options: messages(logs.filter_log_events(logGroupName=group, **options))  # noqa: E731
    assert find(startTime=start + 1, endTime=start + 3) == ["event 1", "event 2", "event 3"]
    assert find(startTime=2**63 - 1, endTime=2**63 - 1) == []
    assert find(endTime=2**63 - 1) == read(endTime=2**63 - 1) == [f"event {i}" for i in range(5)]


def test_events_of_one_time_keep_their_order(logs, group, stream):
    at = now()
    put(logs, group, stream, *[(at, f"{i}") for i in range(300)])
    put(logs, group, stream, (at - 1, "before"))
    expected = ["before"] + [f"{i}" for i in range(300)]
    assert messages(logs.get_log_events(logGroupName=group, logStreamName=stream)) == expected
    assert messages(logs.filter_log_events(logGroupName=group)) == expected
    assert messages(logs.filter_log_events(logGroupName=group, logStreamNames=["a"])) == expected


def test_put_log_events_has_its_rules(logs, group, stream):
    with refused("InvalidParameterException",
                 "Log events in a single PutLogEvents request must be in chronological order."):
        put(logs, group, stream, (now(), "b"), (now() - 1000, "a"))
    with refused("InvalidParameterException", "The batch of log events in a single PutLogEvents "
                 "request cannot span more than 24 hours."):
        put(logs, group, stream, (now() - DAY - 1000, "a"), (now(), "b"))
    with refused("InvalidParameterException",
                 "Upload too large: 1048577 bytes exceeds limit of 1048576"):
        put(logs, group, stream, "x" * (1048576 - 25))
    with refused("InvalidParameterException"):
        put(logs, group, stream, *["x"] * 10_001)
    put(logs, group, stream, "x" * (1048576 - 26))
    put(logs, group, stream, *["x"] * 10_000)
    page = logs.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True)
    assert len(messages(page)) > 9000


def test_what_is_too_old_or_new_is_rejected(logs, group, stream):
    old = put(logs, group, stream, (now() - 14 * DAY - 5000, "too old"),
              (now() - 14 * DAY + 50_000, "old"))
    assert old["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 1}
    new = put(logs, group, stream, (now(), "now"), (now() + 2 * 60 * 60 * 1000 + 50_000, "too new"))
    assert new["rejectedLogEventsInfo"] == {"tooNewLogEventStartIndex": 1}
    assert messages(logs.get_log_events(logGroupName=group, logStreamName=stream)) == ["old", "now"]
    logs.put_retention_policy(logGroupName=group, retentionInDays=1)
    expired = put(logs, group, stream, (now() - DAY - 5000, "expired"), (now() - 10_000, "recent"))
    assert expired["rejectedLogEventsInfo"] == {"expiredLogEventEndIndex": 1}
    assert "rejectedLogEventsInfo" not in put(logs, group, stream, "good")


def test_retention(logs, group, stream):
    put(logs, group, stream, (now() - 2 * DAY, "old"))
    put(logs, group, stream, "new")
    with refused("InvalidParameterException"):
        logs.put_retention_policy(logGroupName=group, retentionInDays=2)
    logs.put_retention_policy(logGroupName=group, retentionInDays=1)
    assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["retentionInDays"] == 1
    assert messages(logs.filter_log_events(logGroupName=group)) == ["new"]
    assert messages(logs.get_log_events(logGroupName=group, logStreamName=stream)) == ["new"]
    logs.delete_retention_policy(logGroupName=group)
    assert "retentionInDays" not in logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]


def test_events_of_many_streams_in_order_of_time(logs, group):
    start = now() - 10_000
    for number in range(3):
        logs.create_log_stream(logGroupName=group, logStreamName=f"s{number}")
        put(logs, group, f"s{number}", *[(start + number + 3 * i, f"{number + 3 * i}") for i in range(5)])
    answer = logs.filter_log_events(logGroupName=group)
    assert messages(answer) == [f"{i}" for i in range(15)]
    assert answer["searchedLogStreams"] == [] and "nextToken" not in answer
    assert len({event["eventId"] for event in answer["events"]}) == 15
    assert [e["logStreamName"] for e in answer["events"][:3]] == ["s0", "s1", "s2"]
    find = lambda **options: messages(logs.filter_log_events(logGroupName=group, **options))  # noqa: E731
    assert find(logStreamNames=["s1"]) == ["1", "4", "7", "10", "13"]
    assert find(logStreamNames=["s1", "s2"], limit=3) == ["1", "2", "4"]
    assert find(logStreamNamePrefix="s2") == ["2", "5", "8", "11", "14"]
    assert find(logStreamNamePrefix="none") == []
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, PaginationConfig={"PageSize": 2})
    assert [e["message"] for page in pages for e in page["events"]] == [f"{i}" for i in range(15)]
    with refused("InvalidParameterException"):
        find(logStreamNames=["s1"], logStreamNamePrefix="s")
    with refused("InvalidParameterException", "The specified nextToken is invalid."):
        find(nextToken="x")


def test_pages_hold_a_megabyte(logs, group, stream):
    for number in range(5):
        put(logs, group, stream, *[f"{number}" + "x" * 100_000] * 5)
    for page in (logs.filter_log_events(logGroupName=group),
                 logs.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True)):
        assert 5 <= len(page["events"]) <= 10
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
    assert len([e for page in pages for e in page["events"]]) == 25


def test_a_deleted_stream_is_gone(logs, group, stream):
    logs.create_log_stream(logGroupName=group, logStreamName="b")
    put(logs, group, stream, "of a")
    put(logs, group, "b", "of b")
    logs.delete_log_stream(logGroupName=group, logStreamName=stream)
    assert messages(logs.filter_log_events(logGroupName=group)) == ["of b"]
    assert [s["logStreamName"] for s in described(logs, group)] == ["b"]
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    assert messages(logs.get_log_events(logGroupName=group, logStreamName=stream)) == []
    put(logs, group, stream, "new")
    assert messages(logs.filter_log_events(logGroupName=group)) == ["of b", "new"]


def test_a_deleted_group_is_gone(logs, group, stream):
    put(logs, group, stream, "text")
    logs.delete_log_group(logGroupName=group)
    assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"] == []
    logs.create_log_group(logGroupName=group)
    assert described(logs, group) == []
    assert messages(logs.filter_log_events(logGroupName=group)) == []


def test_tags(logs, group):
    arn = f"arn:aws:logs:us-east-1:000000000000:log-group:{group}"
    tags = lambda: logs.list_tags_for_resource(resourceArn=arn)["tags"]  # noqa: E731
    assert tags() == {}
    logs.tag_resource(resourceArn=arn, tags={"team": "a", "stage": "test"})
    logs.tag_log_group(logGroupName=group, tags={"stage": "prod", "empty": ""})
    assert tags() == logs.list_tags_log_group(logGroupName=group)["tags"] == {
        "team": "a", "stage": "prod", "empty": ""}
    logs.untag_resource(resourceArn=arn, tagKeys=["team", "none"])
    logs.untag_log_group(logGroupName=group, tags=["empty"])
    assert tags() == {"stage": "prod"}
    with refused("TooManyTagsException"):
        logs.tag_resource(resourceArn=arn, tags={f"k{i}": "v" for i in range(50)})
    with refused("InvalidParameterException"):
        logs.tag_resource(resourceArn=arn, tags={"aws:k": "v"})
    with refused("InvalidParameterException"):
        logs.tag_resource(resourceArn="arn:aws:s3:::bucket", tags={"k": "v"})
    with refused("ResourceNotFoundException", "The specified log group does not exist."):
        logs.tag_resource(resourceArn=arn + "x", tags={"k": "v"})
    with refused("ResourceNotFoundException"):
        logs.list_tags_for_resource(resourceArn=arn.replace("us-east-1", "eu-west-1"))
    assert tags() == {"stage": "prod"}


def test_filter_patterns_find_events(logs, group, stream):
    put(logs, group, stream, "ERROR one", "WARN two", '{"level": "error", "n": 3}', "127.0.0.1 alice 404")
    find = lambda pattern: messages(logs.filter_log_events(  # noqa: E731
        logGroupName=group, filterPattern=pattern))
    assert find("ERROR") == ["ERROR one"]
    assert find("?ERROR ?WARN") == ["ERROR one", "WARN two"]
    assert find('{ $.level = "error" && $.n > 2 }') == ['{"level": "error", "n": 3}']
    assert find("[ip, user, status=4*]") == ["127.0.0.1 alice 404"]
    assert len(find("")) == 4
    with refused("InvalidParameterException", "Invalid filter pattern"):
        find("{ $.level = ")


def test_metric_filters_are_tried(logs):
    answer = logs.test_metric_filter(filterPattern='{ $.n > 1 && $.name = "a*" }', logEventMessages=[
        '{"n": 1, "name": "ab"}', '{"n": 2.5, "name": "ab"}', "text"])
    assert answer["matches"] == [{"eventNumber": 2, "eventMessage": '{"n": 2.5, "name": "ab"}',
                                  "extractedValues": {"$.n": "2.5", "$.name": "ab"}}]
    answer = logs.test_metric_filter(filterPattern="[a, ..., z]", logEventMessages=["1 [2 3] \"4 5\""])
    assert answer["matches"][0]["extractedValues"] == {"$a": "1", "$z": "4 5"}


def test_identifiers(server, logs, group, stream):
    put(logs, group, stream, "text")
    arn = f"arn:aws:logs:us-east-1:000000000000:log-group:{group}"
    for identifier in (arn, group):
        read = ask(server, "GetLogEvents", logGroupIdentifier=identifier, logStreamName=stream)
        assert messages(read.json) == ["text"]
        found = ask(server, "FilterLogEvents", logGroupIdentifier=identifier)
        assert messages(found.json) == ["text"]
        streams = ask(server, "DescribeLogStreams", logGroupIdentifier=identifier)
        assert [s["logStreamName"] for s in streams.json["logStreams"]] == ["a"]
        groups = ask(server, "DescribeLogGroups", logGroupIdentifiers=[identifier])
        assert [g["logGroupName"] for g in groups.json["logGroups"]] == [group]
    other = arn.replace("us-east-1", "eu-west-1")
    refusal = ask(server, "FilterLogEvents", logGroupIdentifier=other).json
    assert refusal["__type"] == "ResourceNotFoundException"
    none = ask(server, "DescribeLogGroups", logGroupNamePrefix=group, logGroupClass="INFREQUENT_ACCESS")
    assert none.json["logGroups"] == []
