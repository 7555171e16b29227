"""Functions through boto3: made, shown, changed, deleted."""

import base64
import hashlib
import platform
import urllib.error
import urllib.request

import boto3
import botocore.config
import pytest

from credentials import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from lambda_functions import ARN, BOOTSTRAP, ROLE, create, failing, new_name, zip_of

OTHER_ARCHITECTURE = "x86_64" if platform.machine() == "aarch64" else "arm64"


@pytest.fixture
def function(functions):
    name = new_name()
    create(functions, name)
    yield name
    functions.delete_function(FunctionName=name)


def test_create_and_get(functions):
    name = new_name()
    code = zip_of()
    created = create(functions, name, Code={"ZipFile": code}, Description="does little", Timeout=7,
                     MemorySize=256, Environment={"Variables": {"KEY": "välue"}},
                     EphemeralStorage={"Size": 1024}, Tags={"team": "a"})
    assert created["ResponseMetadata"]["HTTPStatusCode"] == 201
    functions.get_waiter("function_active_v2").wait(FunctionName=name)
    answer = functions.get_function(FunctionName=name)
    configuration = answer["Configuration"]
    created.pop("ResponseMetadata")
    assert configuration == created
    assert configuration.pop("RevisionId") and configuration.pop("LastModified").endswith("+0000")
    assert configuration.pop("Architectures") in (["x86_64"], ["arm64"])
    assert configuration == {
        "FunctionName": name, "FunctionArn": ARN + name, "Runtime": "provided.al2023",
        "Role": ROLE, "Handler": "handler", "CodeSize": len(code), "Description": "does little",
        "Timeout": 7, "MemorySize": 256, "Version": "$LATEST",
        "CodeSha256": base64.b64encode(hashlib.sha256(code).digest()).decode(),
        "Environment": {"Variables": {"KEY": "välue"}}, "TracingConfig": {"Mode": "PassThrough"},
        "State": "Active", "LastUpdateStatus": "Successful", "PackageType": "Zip",
        "EphemeralStorage": {"Size": 1024},
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"}} | {
        key: value for key, value in configuration.items() if key == "LoggingConfig"}
    assert answer["Tags"] == {"team": "a"}
    with urllib.request.urlopen(answer["Code"]["Location"]) as response:
        assert response.read() == code
        assert response.headers["Content-Type"] == "application/zip"
    functions.delete_function(FunctionName=name)


def test_code_cannot_be_fetched_without_its_link(functions, function):
    location = functions.get_function(FunctionName=function)["Code"]["Location"]
    for bad in (location[:-1] + ("0" if location[-1] != "0" else "1"), location.split("?")[0],
                location.replace(function, "function")):
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(bad)
        assert error.value.code == 403


def test_names(functions, function):
    for form in (ARN + function, f"000000000000:function:{function}", f"{function}:$LATEST",
                 f"{ARN}{function}:$LATEST"):
        assert functions.get_function_configuration(FunctionName=form)["FunctionName"] == function
    qualified = functions.get_function_configuration(FunctionName=function, Qualifier="$LATEST")
    assert qualified["FunctionArn"] == f"{ARN}{function}:$LATEST"
    with failing("InvalidParameterValueException", 400,
                 "The derived qualifier from the function name does not match the specified "
                 "qualifier."):
        functions.get_function(FunctionName=function + ":1", Qualifier="2")


def test_missing(functions, function):
    for call in (functions.get_function, functions.get_function_configuration,
                 functions.delete_function, functions.update_function_configuration,
                 functions.invoke, functions.publish_version, functions.list_versions_by_function):
        with failing("ResourceNotFoundException", 404, f"Function not found: {ARN}nothing"):
            call(FunctionName="nothing")
    with failing("ResourceNotFoundException", 404, f"Function not found: {ARN}{function}:7"):
        functions.get_function(FunctionName=function, Qualifier="7")


def test_conflict(functions, function):
    with failing("ResourceConflictException", 409, f"Function already exist: {function}"):
        create(functions, function)


def test_list(functions):
    names = sorted(new_name() for _ in range(7))
    for name in names:
        create(functions, name)
    pages = functions.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 3})
    pages = [[f["FunctionName"] for f in page["Functions"]] for page in pages]
    assert all(len(page) <= 3 for page in pages)
    listed = [name for page in pages for name in page]
    assert listed == sorted(listed) and set(names) <= set(listed)
    for name in names[:2]:
        functions.publish_version(FunctionName=name)
    pages = functions.get_paginator("list_functions").paginate(FunctionVersion="ALL",
                                                               PaginationConfig={"PageSize": 1})
    arns = [f["FunctionArn"] for page in pages for f in page["Functions"]]
    assert len(arns) == len(set(arns))
    for name in names[:2]:
        assert [arn for arn in arns if arn.startswith(f"{ARN}{name}:")] == [
            f"{ARN}{name}:$LATEST", f"{ARN}{name}:1"]
    for name in names:
        functions.delete_function(FunctionName=name)


def test_update_code(functions, function):
    before = functions.get_function_configuration(FunctionName=function)
    code = zip_of({"bootstrap": BOOTSTRAP, "data.txt": b"x" * 1000})
    dry = functions.update_function_code(FunctionName=function, ZipFile=code, DryRun=True)
    assert dry["CodeSize"] == len(code)
    shown = functions.get_function_configuration(FunctionName=function)
    assert shown["RevisionId"] == before["RevisionId"]
    with failing("PreconditionFailedException", 412):
        functions.update_function_code(FunctionName=function, ZipFile=code, RevisionId="other")
    after = functions.update_function_code(FunctionName=function, ZipFile=code,
                                           RevisionId=before["RevisionId"])
    functions.get_waiter("function_updated_v2").wait(FunctionName=function)
    assert after["CodeSize"] == len(code) and after["RevisionId"] != before["RevisionId"]
    published = functions.update_function_code(FunctionName=function, ZipFile=zip_of(), Publish=True)
    assert (published["Version"], published["FunctionArn"]) == ("1", f"{ARN}{function}:1")
    with failing("InvalidParameterValueException", 400,
                 "Please provide a source for function code."):
        functions.update_function_code(FunctionName=function)


def test_update_configuration(functions, function):
    before = functions.get_function_configuration(FunctionName=function)
    after = functions.update_function_configuration(
        FunctionName=function, Timeout=900, MemorySize=10240, Handler="other", Description="new",
        Runtime="python3.11", Environment={"Variables": {"AA": "1"}})
    assert (after["Timeout"], after["MemorySize"], after["Handler"], after["Runtime"]) == (
        900, 10240, "other", "python3.11")
    assert after["Environment"] == {"Variables": {"AA": "1"}}
    assert after["CodeSha256"] == before["CodeSha256"]
    kept = functions.update_function_configuration(FunctionName=function, Timeout=1)
    assert (kept["Timeout"], kept["MemorySize"], kept["Description"]) == (1, 10240, "new")
    cleared = functions.update_function_configuration(FunctionName=function,
                                                      Environment={"Variables": {}})
    assert "Environment" not in cleared
    with failing("PreconditionFailedException", 412):
        functions.update_function_configuration(FunctionName=function, RevisionId="other")


def test_environment_is_limited(functions, function):
    text = "Lambda was unable to configure your environment variables because the environment " \
           "variables you have provided "
    with failing("InvalidParameterValueException", 400, text + "exceeded the 4KB limit."):
        functions.update_function_configuration(FunctionName=function,
                                                Environment={"Variables": {"AA": "x" * 4095}})
    functions.update_function_configuration(FunctionName=function,
                                            Environment={"Variables": {"AA": "x" * 4094}})
    with failing("InvalidParameterValueException", 400,
                 text + "contains reserved keys that are currently not supported for modification. "
                 "Reserved keys used in this request: AWS_REGION, LAMBDA_TASK_ROOT"):
        functions.update_function_configuration(FunctionName=function, Environment={
            "Variables": {"AWS_REGION": "a", "LAMBDA_TASK_ROOT": "b", "OTHER": "c"}})


@pytest.mark.parametrize("options,named", [
    ({"VpcConfig": {"SubnetIds": ["a"], "SecurityGroupIds": ["b"]}}, "VpcConfig"),
    ({"DeadLetterConfig": {"TargetArn": "arn:aws:sqs:us-east-1:000000000000:q"}},
     "DeadLetterConfig"),
    ({"KMSKeyArn": "arn:aws:kms:us-east-1:000000000000:key/a"}, "KMSKeyArn"),
    ({"Layers": ["arn:aws:lambda:us-east-1:000000000000:layer:a:1"]}, "Layers"),
    ({"TracingConfig": {"Mode": "Active"}}, "TracingConfig.Mode"),
    ({"SnapStart": {"ApplyOn": "PublishedVersions"}}, "SnapStart.ApplyOn"),
    ({"ImageConfig": {"Command": ["a"]}}, "ImageConfig"),
    ({"Runtime": "java11"}, "java11"),
])
def test_what_is_not_supported_is_refused(functions, function, options, named):
    with failing("InvalidParameterValueException", 400) as refusal:
        functions.update_function_configuration(FunctionName=function, **options)
    assert named in refusal.response["Error"]["Message"]
    with failing("InvalidParameterValueException", 400) as refusal:
        create(functions, new_name(), **options)
    assert named in refusal.response["Error"]["Message"]


@pytest.mark.parametrize("options,named", [
    ({"PackageType": "Image"}, "Image"),
    ({"Code": {"S3Bucket": "bucket", "S3Key": "key"}}, "S3Bucket"),
    ({"Code": {"ImageUri": "a"}}, "ImageUri"),
    ({"Code": {}}, "Please provide a source for function code."),
    ({"Architectures": [OTHER_ARCHITECTURE]}, OTHER_ARCHITECTURE),
])
def test_code_that_is_not_supported(functions, options, named):
    with failing("InvalidParameterValueException", 400) as refusal:
        create(functions, new_name(), **options)
    assert named in refusal.response["Error"]["Message"]


def test_what_asks_for_nothing_is_taken(functions):
    name = new_name()
    create(functions, name, Layers=[], VpcConfig={"SubnetIds": [], "SecurityGroupIds": []},
           DeadLetterConfig={"TargetArn": ""}, KMSKeyArn="", TracingConfig={"Mode": "PassThrough"},
           SnapStart={"ApplyOn": "None"}, FileSystemConfigs=[])
    functions.delete_function(FunctionName=name)


def test_limits_of_the_model(functions, function):
    for options, named in (({"Timeout": 901}, "'timeout'"), ({"Timeout": 0}, "'timeout'"),
                           ({"MemorySize": 10241}, "'memorySize'"), ({"MemorySize": 127}, "'memorySize'"),
                           ({"Role": "arn:nothing"}, "'role'"), ({"Runtime": "cobol"}, "'runtime'"),
                           ({"EphemeralStorage": {"Size": 10241}}, "'ephemeralStorage.size'")):
        with failing("ValidationException", 400) as refusal:
            unchecked(functions).update_function_configuration(FunctionName=function, **options)
        message = refusal.response["Error"]["Message"]
        assert message.startswith("1 validation error detected: Value ") and named in message
    with failing("ValidationException", 400) as refusal:
        create(functions, "x" * 65)
    assert "Member must have length less than or equal to 64" in refusal.response["Error"]["Message"]
    with failing("ValidationException", 400,
                 "1 validation error detected: Value 'a/b' at 'functionName' failed to satisfy "
                 "constraint: Member must satisfy regular expression pattern: "
                 r"(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?"
                 r"(\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?"):
        functions.get_function(FunctionName="a/b")


def unchecked(functions):
    """The same client, but it leaves the checks to the server."""
    return boto3.client("lambda", endpoint_url=functions.meta.endpoint_url,
                        region_name=REGION, aws_access_key_id=ACCESS_KEY_ID,
                        aws_secret_access_key=SECRET_ACCESS_KEY,
                        config=botocore.config.Config(parameter_validation=False, retries={"max_attempts": 0}))


def test_remote_functions_need_no_code(functions):
    name = new_name()
    arn = functions.create_function(
        FunctionName=name, Role=ROLE, Code={},
        Tags={"millrace:endpoint": "http://127.0.0.1:9"})["FunctionArn"]
    shown = functions.get_function(FunctionName=name)
    assert shown["Configuration"]["CodeSize"] == 0 and "Location" not in shown["Code"]
    with failing("InvalidParameterValueException", 400):
        functions.untag_resource(Resource=arn, TagKeys=["millrace:endpoint"])
    with failing("InvalidParameterValueException", 400):
        functions.tag_resource(Resource=arn, Tags={"millrace:endpoint": "ftp://a"})
    functions.tag_resource(Resource=arn, Tags={"millrace:endpoint": "https://example.org/a"})
    functions.delete_function(FunctionName=name)
