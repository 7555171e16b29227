"""The query protocol below the SDKs: what an SDK would not send."""

import re

from iam_calls import error_of, post_form, query
from wire import get


def test_answer(server, name):
    answer = query(server, "CreateUser", {"UserName": name, "Path": "/a/"})
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/xml"
    request_id = answer.headers["x-amzn-RequestId"]
    text = answer.body.decode()
    assert text.startswith('<CreateUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">'
                           f"<CreateUserResult><User><Path>/a/</Path><UserName>{name}</UserName>")
    assert text.endswith(f"<ResponseMetadata><RequestId>{request_id}</RequestId>"
                         "</ResponseMetadata></CreateUserResponse>")
    answer = query(server, "DeleteUser", {"UserName": name})
    assert re.fullmatch(r'<DeleteUserResponse xmlns="[^"]*"><ResponseMetadata><RequestId>[-0-9a-f]+'
                        "</RequestId></ResponseMetadata></DeleteUserResponse>", answer.body.decode())


def test_get(server):
    assert get(server, "/?Action=ListUsers&Version=2010-05-08", "iam").status == 200
    assert get(server, "/").body.startswith(b"healthy")


def test_errors(server, name):
    answer = query(server, "GetUser", {"UserName": name})
    assert answer.status == 404
    assert answer.body.decode().startswith(
        '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender'
        "</Type><Code>NoSuchEntity</Code>")
    assert error_of(query(server, "Nothing")) == (
        "InvalidAction", "Could not find operation Nothing for version 2010-05-08")
    assert error_of(query(server, "ListUsers", version="")) == (
        "InvalidAction", "Could not find operation ListUsers for version NO_VERSION_SPECIFIED")
    assert error_of(query(server, "ListUsers", version="2011-06-15")) == (
        "InvalidAction", "Could not find operation ListUsers for version 2011-06-15")
    assert error_of(post_form(server, "Version=2010-05-08"))[0] == "MissingAction"
    assert error_of(post_form(server, ""))[0] == "MissingAction"


def test_names(server):
    assert error_of(query(server, "CreateUser", {"UserName": "a b"})) == (
        "ValidationError", "The specified value for userName is invalid. It must contain only "
        "alphanumeric characters and/or the following: +=,.@_-")
    for bad in ("é", "a/b", "a\n", "a\x00", "\u2028"):
        assert error_of(query(server, "CreateUser", {"UserName": bad}))[0] == "ValidationError"
    assert error_of(query(server, "CreateUser", {"UserName": "a" * 65})) == (
        "ValidationError", f"1 validation error detected: Value '{'a' * 65}' at 'userName' failed to "
        "satisfy constraint: Member must have length less than or equal to 64")
    assert error_of(query(server, "CreateUser")) == (
        "ValidationError", "1 validation error detected: Value null at 'userName' failed to "
        "satisfy constraint: Member must not be null")


def test_malformed_forms(server):
    begin = "Action=TagUser&Version=2010-05-08&UserName=a&"
    for bad in ("Tags=x", "Tags.member=x", "Tags.member.x.Key=a", "Tags.member.1=x", "Tags.1.Key=a",
                "UserName.a=b", "%FF=%FF&Tags.member.1.Key=%FF&Tags.member.1.Value=a",
                "a" * 5000 + "=b", ".".join("a" * 500) + "=b", "a=b&" * 6000):
        answer = post_form(server, begin.replace("UserName=a&", "") + bad
                           if bad.startswith("UserName") else begin + bad)
        assert answer.status == 400, bad
        assert error_of(answer)[0] == "MalformedInput", bad
    for bad in ("MaxItems=a", "MaxItems=", "MaxItems=1.5", "MaxItems=99999999999999999999"):
        answer = post_form(server, "Action=ListUsers&Version=2010-05-08&" + bad)
        assert error_of(answer)[0] == "MalformedInput", bad
    for limit in ("0", "1001", "-1"):
        answer = query(server, "ListUsers", {"MaxItems": limit})
        assert error_of(answer)[0] == "ValidationError"


def test_a_large_form_is_answered(server):
    body = "Action=SimulateCustomPolicy&Version=2010-05-08&ActionNames.member.1=a:b"
    body += "".join(f"&PolicyInputList.member.{i}=" + "%7B" * 5000 for i in range(1, 600))
    assert error_of(post_form(server, body))[0] in ("MalformedPolicyDocument", "InvalidInput")
