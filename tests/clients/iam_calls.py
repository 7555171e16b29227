"""Requests of IAM's query protocol below the SDKs, and documents for its policies."""

import contextlib
import http.client
import json
import re
import urllib.parse

import botocore.exceptions
import pytest

from credentials import signed
from wire import Answer

FORM = "application/x-www-form-urlencoded"


def post_form(server, body):
    connection = http.client.HTTPConnection(server.host, server.port, timeout=30)
    try:
        connection.request("POST", "/", body, signed(
            f"{server.host}:{server.port}", "POST", "/", {"Content-Type": FORM}, body.encode(), "iam"))
        return Answer(connection.getresponse())
    finally:
        connection.close()


def query(server, action, parameters=None, version="2010-05-08"):
    return post_form(server, urllib.parse.urlencode(
        {"Action": action, "Version": version, **(parameters or {})}))


def error_of(answer):
    """Code and message of an ErrorResponse."""
    text = answer.body.decode()
    return re.search("<Code>(.*?)</Code>", text)[1], re.search("<Message>(.*?)</Message>", text, re.S)[1]


def policy(effect="Allow", action="dynamodb:GetItem", resource="*", **more):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": effect, "Action": action, "Resource": resource, **more}]})


def trust(service="lambda.amazonaws.com"):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}]})


STATUSES = {"NoSuchEntity": 404, "EntityAlreadyExists": 409, "DeleteConflict": 409,
            "LimitExceeded": 409, "AccessDenied": 403}


@contextlib.contextmanager
def fails(code, message):
    """The SDK's call is answered with exactly this error."""
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        yield
    answer = caught.value.response
    assert (answer["Error"]["Code"], answer["Error"]["Message"]) == (code, message)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == STATUSES.get(code, 400)
