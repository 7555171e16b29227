"""Published versions and aliases."""

import pytest

from lambda_functions import ARN, create, failing, new_name, zip_of


@pytest.fixture
def function(functions):
    name = new_name()
    create(functions, name)
    yield name
    functions.delete_function(FunctionName=name)


def change_code(functions, name, text):
    functions.update_function_code(FunctionName=name, ZipFile=zip_of({"bootstrap": text}))


def test_publish(functions, function):
    first = functions.publish_version(FunctionName=function, Description="the first")
    assert (first["Version"], first["FunctionArn"]) == ("1", f"{ARN}{function}:1")
    assert first["Description"] == "the first"
    functions.get_waiter("published_version_active").wait(FunctionName=function, Qualifier="1")
    assert functions.publish_version(FunctionName=function)["Version"] == "1", "nothing changed"
    change_code(functions, function, "two")
    sha256 = functions.get_function_configuration(FunctionName=function)["CodeSha256"]
    with failing("InvalidParameterValueException", 400) as refusal:
        functions.publish_version(FunctionName=function, CodeSha256="other")
    assert refusal.response["Error"]["Message"].startswith(
        f"CodeSHA256 (other) is different from current CodeSHA256 in $LATEST ({sha256}).")
    assert functions.publish_version(FunctionName=function, CodeSha256=sha256)["Version"] == "2"
    functions.update_function_configuration(FunctionName=function, Timeout=99)
    assert functions.publish_version(FunctionName=function)["Version"] == "3"
    timeouts = [functions.get_function_configuration(FunctionName=function, Qualifier=q)["Timeout"]
                for q in ("1", "2", "3", "$LATEST")]
    assert timeouts == [3, 3, 99, 99]
    functions.delete_function(FunctionName=function, Qualifier="3")
    assert functions.publish_version(FunctionName=function)["Version"] == "4", "never 3 again"


def test_list(functions, function):
    for text in "abcde":
        change_code(functions, function, text)
        functions.publish_version(FunctionName=function)
    pages = functions.get_paginator("list_versions_by_function").paginate(
        FunctionName=function, PaginationConfig={"PageSize": 2})
    versions = [[v["Version"] for v in page["Versions"]] for page in pages]
    assert versions == [["$LATEST", "1"], ["2", "3"], ["4", "5"]]


def test_delete(functions, function):
    functions.publish_version(FunctionName=function)
    with failing("InvalidParameterValueException", 400,
                 "$LATEST version cannot be deleted without deleting the function."):
        functions.delete_function(FunctionName=function, Qualifier="$LATEST")
    with failing("ResourceNotFoundException", 404):
        functions.delete_function(FunctionName=function, Qualifier="2")
    functions.create_alias(FunctionName=function, Name="live", FunctionVersion="1")
    with failing("ResourceConflictException", 409,
                 "Unable to delete version because the following aliases reference it: [live]"):
        functions.delete_function(FunctionName=function, Qualifier="1")
    functions.delete_alias(FunctionName=function, Name="live")
    functions.delete_function(FunctionName=f"{function}:1")


def test_aliases(functions, function):
    functions.publish_version(FunctionName=function)
    created = functions.create_alias(FunctionName=function, Name="live", FunctionVersion="1",
                                     Description="text")
    assert created["AliasArn"] == f"{ARN}{function}:live"
    shown = functions.get_alias(FunctionName=function, Name="live")
    assert {key: shown[key] for key in ("Name", "FunctionVersion", "Description", "RevisionId")} == {
        "Name": "live", "FunctionVersion": "1", "Description": "text",
        "RevisionId": created["RevisionId"]}
    behind = functions.get_function_configuration(FunctionName=function, Qualifier="live")
    assert (behind["Version"], behind["FunctionArn"]) == ("1", f"{ARN}{function}:live")
    with failing("ResourceConflictException", 409, f"Alias already exists: {ARN}{function}:live"):
        functions.create_alias(FunctionName=function, Name="live", FunctionVersion="1")
    with failing("ResourceNotFoundException", 404, f"Function not found: {ARN}{function}:9"):
        functions.update_alias(FunctionName=function, Name="live", FunctionVersion="9")
    with failing("PreconditionFailedException", 412):
        functions.update_alias(FunctionName=function, Name="live", RevisionId="other")
    moved = functions.update_alias(FunctionName=function, Name="live", FunctionVersion="$LATEST")
    assert (moved["FunctionVersion"], moved["Description"]) == ("$LATEST", "text")
    for name in ("b", "a", "c"):
        functions.create_alias(FunctionName=function, Name=name, FunctionVersion="1")
    pages = functions.get_paginator("list_aliases").paginate(FunctionName=function,
                                                             PaginationConfig={"PageSize": 3})
    assert [[a["Name"] for a in page["Aliases"]] for page in pages] == [["a", "b", "c"], ["live"]]
    of_first = functions.list_aliases(FunctionName=function, FunctionVersion="1")["Aliases"]
    assert [alias["Name"] for alias in of_first] == ["a", "b", "c"]
    functions.delete_alias(FunctionName=function, Name="live")
    functions.delete_alias(FunctionName=function, Name="live")
    with failing("ResourceNotFoundException", 404,
                 f"Cannot find alias arn: {ARN}{function}:live"):
        functions.get_alias(FunctionName=function, Name="live")


def test_weights(functions, function):
    for text in "ab":
        change_code(functions, function, text)
        functions.publish_version(FunctionName=function)
    routing = {"AdditionalVersionWeights": {"2": 0.25}}
    created = functions.create_alias(FunctionName=function, Name="live", FunctionVersion="1",
                                     RoutingConfig=routing)
    assert created["RoutingConfig"] == routing
    shown = functions.update_alias(FunctionName=function, Name="live", Description="more")
    assert shown["RoutingConfig"] == routing
    for bad in ({"1": 0.5}, {"2": 1.5}, {"2": 0.1, "3": 0.1}):
        with failing("InvalidParameterValueException", 400):
            functions.update_alias(FunctionName=function, Name="live",
                                   RoutingConfig={"AdditionalVersionWeights": bad})
    with failing("InvalidParameterValueException", 400,
                 "$LATEST is not supported for an alias pointing to more than 1 version"):
        functions.update_alias(FunctionName=function, Name="live", FunctionVersion="$LATEST")
    with failing("ResourceNotFoundException", 404):
        functions.update_alias(FunctionName=function, Name="live",
                               RoutingConfig={"AdditionalVersionWeights": {"9": 0.5}})
    with failing("ResourceConflictException", 409):
        functions.delete_function(FunctionName=function, Qualifier="2")
    cleared = functions.update_alias(FunctionName=function, Name="live", RoutingConfig={})
    assert "RoutingConfig" not in cleared
