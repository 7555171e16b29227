"""Trails, their selectors and their tags with boto3; what they deliver is tested elsewhere."""

import datetime

import botocore.exceptions
import pytest

from conftest import COUNTER, make_client, refused
from server import Server

ACCOUNT = "000000000000"
TABLES = "arn:aws:dynamodb"
MUSIC = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/Music"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/trail"
BASIC = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": [],
         "ExcludeManagementEventSources": []}


@pytest.fixture(scope="module")
def trails(server):
    return make_client(server, "cloudtrail")


@pytest.fixture
def trail(trails):
    """The name of a fresh trail."""
    name = f"trail-{next(COUNTER)}"
    trails.create_trail(Name=name, S3BucketName="audit-trails")
    yield name
    trails.delete_trail(Name=name)


@pytest.fixture
def group(server):
    """The ARN of a log group, as it is shown and as a trail wants it."""
    logs = make_client(server, "logs")
    name = f"trail-group-{next(COUNTER)}"
    logs.create_log_group(logGroupName=name)
    yield logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]["arn"]
    logs.delete_log_group(logGroupName=name)


def arn(name):
    return f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/{name}"


def got(trails, name):
    return trails.get_trail(Name=name)["Trail"]


def data(kind, *fields):
    """An advanced selector of data events."""
    return {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]},
                               {"Field": "resources.type", "Equals": [kind]}, *fields]}


def without_metadata(answer):
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def test_a_new_trail_has_defaults(trails, trail):
    assert got(trails, trail) == {
        "Name": trail, "S3BucketName": "audit-trails", "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": False, "HomeRegion": "us-east-1", "TrailARN": arn(trail),
        "LogFileValidationEnabled": False, "HasCustomEventSelectors": False,
        "HasInsightSelectors": False, "IsOrganizationTrail": False}
    assert trails.get_event_selectors(TrailName=trail)["EventSelectors"] == [BASIC]


def test_create_trail_answers_its_settings(trails, group):
    name = f"trail-{next(COUNTER)}"
    settings = {"S3KeyPrefix": "a/b", "IncludeGlobalServiceEvents": True,
                "IsMultiRegionTrail": True, "CloudWatchLogsLogGroupArn": group,
                "CloudWatchLogsRoleArn": ROLE}
    answer = trails.create_trail(Name=name, S3BucketName="audit-trails", KmsKeyId="alias/key",
                                 EnableLogFileValidation=True,
                                 TagsList=[{"Key": "team", "Value": "a"}], **settings)
    try:
        assert without_metadata(answer) == {
            **settings, "Name": name, "S3BucketName": "audit-trails", "TrailARN": arn(name),
            "LogFileValidationEnabled": True, "IsOrganizationTrail": False,
            "KmsKeyId": f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/key"}
        assert got(trails, arn(name)).items() >= without_metadata(answer).items()
        assert trails.list_tags(ResourceIdList=[arn(name)])["ResourceTagList"] == [
            {"ResourceId": arn(name), "TagsList": [{"Key": "team", "Value": "a"}]}]
    finally:
        trails.delete_trail(Name=arn(name))
    with refused("TrailNotFoundException", f"Unknown trail: {arn(name)} for the user: {ACCOUNT}"):
        trails.get_trail(Name=name)


@pytest.mark.parametrize("settings, error, message", [
    ({"Name": "ab"}, "InvalidTrailNameException",
     "Trail name too short. Minimum allowed length: 3 characters. "
     "Specified name length: 2 characters."),
    ({"Name": "a" * 129}, "InvalidTrailNameException",
     "Trail name too long. Maximum allowed length: 128 characters. "
     "Specified name length: 129 characters."),
    ({"Name": "a trail"}, "InvalidTrailNameException",
     "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, "
     "periods (.), hyphens (-), and underscores (_)."),
    ({"Name": "192.168.5.4"}, "InvalidTrailNameException", None),
    ({"Name": "my--trail"}, "InvalidTrailNameException", None),
    ({"S3BucketName": "No_Bucket"}, "InvalidS3BucketNameException", None),
    ({"S3KeyPrefix": "a" * 201}, "InvalidS3PrefixException", None),
    ({"S3KeyPrefix": "../a"}, "InvalidS3PrefixException", None),
    ({"SnsTopicName": "topic"}, "InvalidSnsTopicNameException", None),
    ({"IsOrganizationTrail": True}, "UnsupportedOperationException", None),
    ({"KmsKeyId": "my key"}, "InvalidKmsKeyIdException", None),
    ({"IsMultiRegionTrail": True, "IncludeGlobalServiceEvents": False},
     "InvalidParameterCombinationException",
     "Multi-Region trail must include global service events."),
    ({"CloudWatchLogsRoleArn": ROLE}, "InvalidCloudWatchLogsLogGroupArnException", None),
    ({"CloudWatchLogsLogGroupArn": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:none:*"},
     "InvalidCloudWatchLogsRoleArnException", None),
    ({"CloudWatchLogsLogGroupArn": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:none:*",
      "CloudWatchLogsRoleArn": ROLE}, "InvalidCloudWatchLogsLogGroupArnException", None),
    ({"CloudWatchLogsLogGroupArn": "none", "CloudWatchLogsRoleArn": ROLE},
     "InvalidCloudWatchLogsLogGroupArnException", None),
    ({"TagsList": [{"Key": "aws:a", "Value": "b"}]}, "InvalidTagParameterException", None),
    ({"TagsList": [{"Key": f"k{n}", "Value": "v"} for n in range(51)]},
     "TagsLimitExceededException", None),
])
def test_bad_settings_are_refused(trails, settings, error, message):
    with refused(error, message):
        trails.create_trail(**{"Name": "bad-trail", "S3BucketName": "audit-trails", **settings})
    assert "bad-trail" not in [one["Name"] for one in trails.list_trails()["Trails"]]


def test_names_are_unique_and_trails_few(tmp_path):
    with Server("--data", tmp_path / "data") as server:
        trails = make_client(server, "cloudtrail")
        for number in range(5):
            trails.create_trail(Name=f"trail-{number}", S3BucketName="audit-trails")
        with refused("TrailAlreadyExistsException",
                     f"Trail trail-0 already exists for customer: {ACCOUNT}"):
            trails.create_trail(Name="trail-0", S3BucketName="audit-trails")
        with refused("MaximumNumberOfTrailsExceededException",
                     f"User: {ACCOUNT} already has 5 trails in us-east-1."):
            trails.create_trail(Name="trail-5", S3BucketName="audit-trails")


def test_an_update_changes_what_it_names(trails, trail, group):
    trails.update_trail(Name=trail, S3KeyPrefix="p", CloudWatchLogsLogGroupArn=group,
                        CloudWatchLogsRoleArn=ROLE)
    answer = trails.update_trail(Name=arn(trail), EnableLogFileValidation=True)
    assert (answer["S3KeyPrefix"], answer["LogFileValidationEnabled"]) == ("p", True)
    trails.update_trail(Name=trail, S3KeyPrefix="", CloudWatchLogsLogGroupArn="",
                        CloudWatchLogsRoleArn="")
    after = got(trails, trail)
    assert not {"S3KeyPrefix", "CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn"} & set(after)
    assert after["LogFileValidationEnabled"] is True
    with refused("InvalidS3BucketNameException"):
        trails.update_trail(Name=trail, S3BucketName="No")
    assert got(trails, trail) == after


@pytest.mark.parametrize("operation, member", [
    ("get_trail", "Name"), ("get_trail_status", "Name"), ("start_logging", "Name"),
    ("stop_logging", "Name"), ("update_trail", "Name"), ("delete_trail", "Name"),
    ("get_event_selectors", "TrailName"), ("get_insight_selectors", "TrailName")])
def test_trails_that_are_not_there(trails, operation, member):
    run = getattr(trails, operation)
    with refused("TrailNotFoundException", f"Unknown trail: {arn('none')} for the user: {ACCOUNT}"):
        run(**{member: "none"})
    with refused("TrailNotFoundException"):
        run(**{member: arn("none")})
    with refused("InvalidTrailNameException"):
        run(**{member: "-none"})
    for bad in ("arn:aws:cloudtrail", f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:channel/none",
                "arn:aws:cloudtrail:us-east-1:111122223333:trail/none"):
        with refused("CloudTrailARNInvalidException"):
            run(**{member: bad})


def test_trails_are_listed_and_described(trails, trail):
    assert {"TrailARN": arn(trail), "Name": trail, "HomeRegion": "us-east-1"} \
        in trails.list_trails()["Trails"]
    pages = trails.get_paginator("list_trails").paginate()
    assert trail in [one["Name"] for page in pages for one in page["Trails"]]
    assert got(trails, trail) in trails.describe_trails()["trailList"]
    for named in (trail, arn(trail)):
        described = trails.describe_trails(trailNameList=[named, "none"],
                                           includeShadowTrails=False)
        assert described["trailList"] == [got(trails, trail)]
    assert trails.describe_trails(trailNameList=["none"])["trailList"] == []
    with refused("InvalidTrailNameException"):
        trails.describe_trails(trailNameList=["-"])


def test_logging_starts_and_stops(trails, trail):
    status = without_metadata(trails.get_trail_status(Name=trail))
    assert status == {
        "IsLogging": False, "LatestDeliveryAttemptTime": "", "LatestNotificationAttemptTime": "",
        "LatestNotificationAttemptSucceeded": "", "LatestDeliveryAttemptSucceeded": "",
        "TimeLoggingStarted": "", "TimeLoggingStopped": ""}
    trails.start_logging(Name=trail)
    first = trails.get_trail_status(Name=trail)
    assert first["IsLogging"] is True
    now = datetime.datetime.now(datetime.timezone.utc)
    assert abs(first["StartLoggingTime"] - now) < datetime.timedelta(minutes=5)
    assert first["TimeLoggingStarted"].endswith("Z")
    trails.start_logging(Name=arn(trail))  # it does already
    assert trails.get_trail_status(Name=trail)["StartLoggingTime"] == first["StartLoggingTime"]
    trails.stop_logging(Name=trail)
    trails.stop_logging(Name=trail)
    last = trails.get_trail_status(Name=trail)
    assert last["IsLogging"] is False
    assert last["StopLoggingTime"] >= last["StartLoggingTime"] == first["StartLoggingTime"]


def test_selectors_replace_each_other(trails, trail):
    basic = [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": False,
              "DataResources": [{"Type": "AWS::DynamoDB::Table", "Values": [TABLES]},
                                {"Type": "AWS::Lambda::Function", "Values": ["arn:aws:lambda"]}],
              "ExcludeManagementEventSources": ["kms.amazonaws.com", "rdsdata.amazonaws.com"]}]
    answer = trails.put_event_selectors(TrailName=trail, EventSelectors=basic)
    assert without_metadata(answer) == {"TrailARN": arn(trail), "EventSelectors": basic}
    assert got(trails, trail)["HasCustomEventSelectors"] is True

    operators = {"Equals": ["PutItem"], "StartsWith": ["Batch", "Get"], "EndsWith": ["Records"],
                 "NotEquals": ["GetItem"], "NotStartsWith": ["x"], "NotEndsWith": ["y"]}
    advanced = [
        {"Name": "all operators",
         **data("AWS::DynamoDB::Table", {"Field": "eventName", **operators})},
        data("AWS::DynamoDB::Stream", {"Field": "readOnly", "Equals": ["true"]}),
        data("AWS::Lambda::Function", {"Field": "userIdentity.arn", "NotEndsWith": ["user/a"]}),
        {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}]
    answer = trails.put_event_selectors(TrailName=arn(trail), AdvancedEventSelectors=advanced)
    assert without_metadata(answer) == {"TrailARN": arn(trail), "AdvancedEventSelectors": advanced}
    assert without_metadata(trails.get_event_selectors(TrailName=trail)) == without_metadata(answer)

    trails.put_event_selectors(TrailName=trail, EventSelectors=[{}])
    assert without_metadata(trails.get_event_selectors(TrailName=trail)) == {
        "TrailARN": arn(trail), "EventSelectors": [BASIC]}
    assert got(trails, trail)["HasCustomEventSelectors"] is False


def resources(kind, *values):
    return {"EventSelectors": [{"DataResources": [{"Type": kind, "Values": list(values)}]}]}


def fields(category, *more):
    return {"AdvancedEventSelectors": [
        {"FieldSelectors": [{"Field": "eventCategory", "Equals": [category]}, *more]}]}


@pytest.mark.parametrize("selectors", [
    {},
    {"EventSelectors": []},
    {"EventSelectors": [{}] * 6},
    {"EventSelectors": [{}], **fields("Management")},
    {"EventSelectors": [{"ExcludeManagementEventSources": ["s3.amazonaws.com"]}]},
    resources("AWS::S3::Object", "arn:aws:s3"),
    resources("AWS::DynamoDB::Stream", TABLES),
    resources("AWS::DynamoDB::Table", "Music"),
    resources("AWS::DynamoDB::Table", "arn:aws:dynamodb:*"),
    resources("AWS::DynamoDB::Table", *[f"{MUSIC}{n}" for n in range(251)]),
    {"AdvancedEventSelectors": []},
    {"AdvancedEventSelectors": [{"FieldSelectors": [{"Field": "readOnly", "Equals": ["true"]}]}]},
    fields("NetworkActivity"),
    fields("Data"),
    fields("Management", {"Field": "eventName", "Equals": ["CreateTable"]}),
    fields("Management", {"Field": "eventSource", "Equals": ["dynamodb.amazonaws.com"]}),
    {"AdvancedEventSelectors": [data("AWS::S3::Object")]},
    {"AdvancedEventSelectors": [data("AWS::DynamoDB::Table", {"Field": "errorCode",
                                                              "Equals": ["a"]})]},
    {"AdvancedEventSelectors": [data("AWS::DynamoDB::Table", {"Field": "readOnly",
                                                              "NotEquals": ["true"]})]},
    {"AdvancedEventSelectors": [data("AWS::DynamoDB::Table", {"Field": "resources.ARN",
                                                              "Equals": [f"{MUSIC}/*"]},
                                     {"Field": "resources.ARN", "Equals": [MUSIC]})]},
    {"AdvancedEventSelectors": [data("AWS::DynamoDB::Table",
                                     {"Field": "eventName",
                                      "Equals": [f"e{n}" for n in range(499)]})]},
])
def test_bad_selectors_are_refused(trails, trail, selectors):
    with refused("InvalidEventSelectorsException"):
        trails.put_event_selectors(TrailName=trail, **selectors)
    assert trails.get_event_selectors(TrailName=trail)["EventSelectors"] == [BASIC]


def tags_of(trails, resource):
    listed = trails.list_tags(ResourceIdList=[resource])["ResourceTagList"]
    assert [one["ResourceId"] for one in listed] == [resource]
    return {tag["Key"]: tag["Value"] for tag in listed[0]["TagsList"]}


def test_tags(trails, trail):
    resource = arn(trail)
    assert tags_of(trails, resource) == {}
    trails.add_tags(ResourceId=resource, TagsList=[{"Key": "a", "Value": "1"},
                                                   {"Key": "b", "Value": "2"}])
    trails.add_tags(ResourceId=resource, TagsList=[{"Key": "a", "Value": "3"}])
    assert tags_of(trails, resource) == {"a": "3", "b": "2"}
    trails.remove_tags(ResourceId=resource, TagsList=[{"Key": "a"}, {"Key": "none"}])
    assert tags_of(trails, resource) == {"b": "2"}
    with refused("TagsLimitExceededException"):
        trails.add_tags(ResourceId=resource,
                        TagsList=[{"Key": f"k{n}", "Value": "v"} for n in range(50)])
    with refused("InvalidTagParameterException"):
        trails.add_tags(ResourceId=resource, TagsList=[{"Key": "a"}, {"Key": "a"}])
    assert tags_of(trails, resource) == {"b": "2"}


def test_tags_of_what_has_none(trails):
    for resource, error in (
            ("a-trail", "CloudTrailARNInvalidException"),
            (arn("none"), "ResourceNotFoundException"),
            (f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:channel/a",
             "ResourceTypeNotSupportedException")):
        with refused(error):
            trails.add_tags(ResourceId=resource, TagsList=[{"Key": "a"}])
        with refused(error):
            trails.remove_tags(ResourceId=resource, TagsList=[{"Key": "a"}])
        with refused(error):
            trails.list_tags(ResourceIdList=[resource])


def test_there_are_no_insights(trails, trail):
    with refused("InsightNotEnabledException"):
        trails.get_insight_selectors(TrailName=trail)
    answer = trails.put_insight_selectors(TrailName=trail, InsightSelectors=[])
    assert without_metadata(answer) == {"TrailARN": arn(trail), "InsightSelectors": []}
    with refused("UnsupportedOperationException"):
        trails.put_insight_selectors(TrailName=trail,
                                     InsightSelectors=[{"InsightType": "ApiCallRateInsight"}])


@pytest.mark.parametrize("end", [Server.stop, Server.kill], ids=["SIGTERM", "SIGKILL"])
def test_trails_survive(tmp_path, end):
    selectors = [data("AWS::DynamoDB::Table", {"Field": "resources.ARN", "NotEquals": [MUSIC]})]
    with Server("--data", tmp_path / "data") as first:
        trails = make_client(first, "cloudtrail")
        trails.create_trail(Name="gone", S3BucketName="audit-trails")
        trails.create_trail(Name="kept", S3BucketName="audit-trails", S3KeyPrefix="p",
                            TagsList=[{"Key": "a", "Value": "1"}])
        trails.put_event_selectors(TrailName="kept", AdvancedEventSelectors=selectors)
        trails.start_logging(Name="kept")
        trails.delete_trail(Name="gone")
        before = got(trails, "kept")
        started = trails.get_trail_status(Name="kept")["StartLoggingTime"]
        end(first)
    with Server("--data", tmp_path / "data") as second:
        trails = make_client(second, "cloudtrail")
        assert trails.describe_trails()["trailList"] == [before]
        kept = trails.get_event_selectors(TrailName="kept")
        assert kept["AdvancedEventSelectors"] == selectors
        status = trails.get_trail_status(Name="kept")
        assert (status["IsLogging"], status["StartLoggingTime"]) == (True, started)
        assert tags_of(trails, arn("kept")) == {"a": "1"}


def test_what_the_sdk_would_not_send(server):
    trails = make_client(server, "cloudtrail", parameter_validation=False)
    for parameters in ({}, {"Name": None, "S3BucketName": "audit-trails"},
                       {"Name": ["a"], "S3BucketName": "audit-trails"},
                       {"Name": "bad-trail", "S3BucketName": "audit-trails",
                        "TagsList": [{"Key": "k" * 129}]}):
        with pytest.raises(botocore.exceptions.ClientError) as raised:
            trails.create_trail(**parameters)
        assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
