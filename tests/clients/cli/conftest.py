"""Drives Debian's `aws` as a person would, against the shared server."""

import json
import subprocess

import pytest

from credentials import CLIENT_VARIABLES

AWS = "/usr/bin/aws"


@pytest.fixture
def aws(server, tmp_path):
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8",
                   "AWS_PAGER": "", "AWS_MAX_ATTEMPTS": "1", **CLIENT_VARIABLES}

    def run(service, operation, *arguments):
        arguments = [json.dumps(a) if isinstance(a, (dict, list)) else str(a) for a in arguments]
        result = subprocess.run([AWS, "--endpoint-url", server.endpoint, service, operation,
                                 *arguments], env=environment, capture_output=True, text=True,
                                timeout=60)
        if result.returncode != 0:
            raise AssertionError(result.stderr)
        return json.loads(result.stdout) if result.stdout.strip() else {}

    return run


@pytest.fixture
def dynamodb(aws):
    return lambda operation, *arguments: aws("dynamodb", operation, *arguments)


@pytest.fixture
def dynamodbstreams(aws):
    return lambda operation, *arguments: aws("dynamodbstreams", operation, *arguments)


@pytest.fixture
def cli_table(dynamodb, name):
    dynamodb("create-table", "--table-name", name,
             "--attribute-definitions", "AttributeName=id,AttributeType=S",
             "--key-schema", "AttributeName=id,KeyType=HASH", "--billing-mode", "PAY_PER_REQUEST")
    dynamodb("wait", "table-exists", "--table-name", name)
    return name
