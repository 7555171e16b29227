"""Users, groups, access keys and tags with boto3."""

import datetime
import itertools

import pytest

from conftest import make_client
from iam_calls import fails, policy

NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def iam(server):
    return make_client(server, "iam")


@pytest.fixture
def user(iam):
    name = f"user-{next(NUMBERS)}"
    iam.create_user(UserName=name, Path="/test/")
    yield name
    for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName=name)


@pytest.fixture
def group(iam):
    name = f"group-{next(NUMBERS)}"
    iam.create_group(GroupName=name)
    yield name
    iam.delete_group(GroupName=name)


def test_a_user(iam, user):
    shown = iam.get_user(UserName=user.upper())["User"]
    assert shown["UserName"] == user
    assert shown["UserId"].startswith("AIDA") and len(shown["UserId"]) == 21
    assert shown["Arn"].endswith(f":user/test/{user}")
    age = datetime.datetime.now(datetime.timezone.utc) - shown["CreateDate"]
    assert abs(age.total_seconds()) < 60
    with fails("EntityAlreadyExists", f"User with name {user.upper()} already exists."):
        iam.create_user(UserName=user.upper())
    with fails("NoSuchEntity", "The user with name nobody cannot be found."):
        iam.delete_user(UserName="nobody")


def test_pages(iam):
    names = [f"paged-{i}" for i in range(7)]
    for name in names:
        iam.create_user(UserName=name, Path="/pages/")
    pages = iam.get_paginator("list_users").paginate(PathPrefix="/pages/",
                                                     PaginationConfig={"PageSize": 3})
    assert [[user["UserName"] for user in page["Users"]] for page in pages] == [
        names[:3], names[3:6], names[6:]]
    with fails("ValidationError", "Invalid Marker."):
        iam.list_users(Marker="?")
    for name in names:
        iam.delete_user(UserName=name)


def test_renaming(iam, user, group):
    iam.add_user_to_group(GroupName=group, UserName=user)
    iam.update_user(UserName=user, NewUserName=f"{user}-new", NewPath="/")
    assert iam.get_user(UserName=f"{user}-new")["User"]["Arn"].endswith(f":user/{user}-new")
    iam.update_group(GroupName=group, NewGroupName=f"{group}-new")
    members = iam.get_group(GroupName=f"{group}-new")["Users"]
    assert [member["UserName"] for member in members] == [f"{user}-new"]
    with fails("DeleteConflict", "Cannot delete entity, must remove users from group first."):
        iam.delete_group(GroupName=f"{group}-new")
    iam.remove_user_from_group(GroupName=f"{group}-new", UserName=f"{user}-new")
    iam.update_user(UserName=f"{user}-new", NewUserName=user)
    iam.update_group(GroupName=f"{group}-new", NewGroupName=group)


def test_access_keys(iam, user):
    key = iam.create_access_key(UserName=user)["AccessKey"]
    assert key["AccessKeyId"].startswith("AKIA") and len(key["SecretAccessKey"]) == 40
    assert (key["UserName"], key["Status"]) == (user, "Active")
    iam.create_access_key(UserName=user)
    with fails("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2"):
        iam.create_access_key(UserName=user)
    iam.update_access_key(UserName=user, AccessKeyId=key["AccessKeyId"], Status="Inactive")
    listed = iam.list_access_keys(UserName=user)["AccessKeyMetadata"]
    assert {k["AccessKeyId"]: k["Status"] for k in listed}[key["AccessKeyId"]] == "Inactive"
    assert all("SecretAccessKey" not in k for k in listed)
    assert iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])["UserName"] == user
    with fails("DeleteConflict", "Cannot delete entity, must delete access keys first."):
        iam.delete_user(UserName=user)
    missing = "AKIA" + "X" * 16
    with fails("NoSuchEntity", f"The Access Key with id {missing} cannot be found."):
        iam.delete_access_key(UserName=user, AccessKeyId=missing)


def test_tags(iam, user):
    iam.tag_user(UserName=user, Tags=[{"Key": f"k{i:02}", "Value": str(i)} for i in range(50)])
    with fails("LimitExceeded", "The number of tags has reached the maximum limit."):
        iam.tag_user(UserName=user, Tags=[{"Key": "more", "Value": ""}])
    with fails("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case "
               "insensitive."):
        iam.tag_user(UserName=user, Tags=[{"Key": "a", "Value": ""}, {"Key": "A", "Value": ""}])
    iam.tag_user(UserName=user, Tags=[{"Key": "K00", "Value": "ä <&> x".replace("<&>", "=")}])
    pages = iam.get_paginator("list_user_tags").paginate(UserName=user,
                                                         PaginationConfig={"PageSize": 20})
    tags = [tag for page in pages for tag in page["Tags"]]
    assert len(tags) == 50 and {"Key": "K00", "Value": "ä = x"} in tags
    iam.untag_user(UserName=user, TagKeys=[tag["Key"].lower() for tag in tags])
    assert iam.list_user_tags(UserName=user)["Tags"] == []


def test_groups_of_a_user(iam, user):
    names = [f"many-{i:02}" for i in range(11)]
    for name in names:
        iam.create_group(GroupName=name)
    for name in names[:10]:
        iam.add_user_to_group(GroupName=name, UserName=user)
    with fails("LimitExceeded", "Cannot exceed quota for GroupsPerUser: 10"):
        iam.add_user_to_group(GroupName=names[10], UserName=user)
    page = iam.list_groups_for_user(UserName=user, MaxItems=9)
    assert [group["GroupName"] for group in page["Groups"]] == names[:9] and page["IsTruncated"]
    with fails("DeleteConflict", "Cannot delete entity, must remove users from group first."):
        iam.delete_user(UserName=user)
    for name in names[:10]:
        iam.remove_user_from_group(GroupName=name, UserName=user)
    for name in names:
        iam.delete_group(GroupName=name)


def test_inline_policies(iam, user):
    document = policy(resource="arn:aws:dynamodb:*:*:table/a b+ä")
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=document)
    shown = iam.get_user_policy(UserName=user, PolicyName="p")
    assert shown["PolicyDocument"]["Statement"][0]["Resource"] == "arn:aws:dynamodb:*:*:table/a b+ä"
    large = policy(resource=["arn:aws:dynamodb:*:*:table/" + "x" * 200] * 9)
    with fails("LimitExceeded", f"Maximum policy size of 2048 bytes exceeded for user {user}"):
        iam.put_user_policy(UserName=user, PolicyName="q", PolicyDocument=large)
    assert iam.list_user_policies(UserName=user)["PolicyNames"] == ["p"]
    with fails("DeleteConflict", "Cannot delete entity, must delete policies first."):
        iam.delete_user(UserName=user)
    iam.delete_user_policy(UserName=user, PolicyName="p")
    with fails("NoSuchEntity", "The user policy with name p cannot be found."):
        iam.get_user_policy(UserName=user, PolicyName="p")
