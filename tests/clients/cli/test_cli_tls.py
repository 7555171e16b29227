"""HTTPS by the AWS CLI, by this program's own subcommands, and by the SDK for JavaScript."""

import json
import pathlib
import subprocess

from client_commands import Millrace, environment
from conftest import create_table
from tls import certificates, make_tls_client, tls_server  # noqa: F401

AWS = "/usr/bin/aws"
JAVASCRIPT = pathlib.Path(__file__).resolve().parent.parent / "javascript"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1"}
LIST_TABLES = '''
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
const client = new DynamoDBClient({ endpoint: process.env.ENDPOINT, region: "us-east-1",
  maxAttempts: 1, credentials: { accessKeyId: "test", secretAccessKey: "test" } });
console.log(JSON.stringify((await client.send(new ListTablesCommand({}))).TableNames));
'''


def run(*command, home, cwd=None, **variables):
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60,
                          cwd=cwd, env=environment(home, **KEYS, **variables))


def test_aws_with_the_authority(tls_server, certificates, name, tmp_path):
    create_table(make_tls_client(tls_server, certificates.ca), name)
    aws = [AWS, "--endpoint-url", tls_server.endpoint, "dynamodb", "list-tables"]
    by_flag = run(*aws, "--ca-bundle", certificates.ca, home=tmp_path)
    assert by_flag.returncode == 0, by_flag.stderr
    by_variable = run(*aws, home=tmp_path, AWS_CA_BUNDLE=certificates.ca)
    assert name in json.loads(by_variable.stdout)["TableNames"]
    assert "certificate verify failed" in run(*aws, home=tmp_path, AWS_MAX_ATTEMPTS="1").stderr


def test_own_subcommands_with_the_authority(tls_server, certificates, name, tmp_path):
    create_table(make_tls_client(tls_server, certificates.ca), name)
    millrace = Millrace(tmp_path, **KEYS)
    split = ["table", "split", name, "--endpoint-url", f"https://localhost:{tls_server.port}"]
    untrusted = millrace.run(*split)
    assert untrusted.returncode == 1
    assert "certificate verify failed" in untrusted.stderr
    by_flag = millrace.run(*split, "--ca-bundle", certificates.ca)
    by_variable = millrace.run(*split, AWS_CA_BUNDLE=certificates.ca)
    assert by_flag.returncode == by_variable.returncode == 0, by_flag.stderr + by_variable.stderr
    missing = millrace.run(*split, "--ca-bundle", "/nowhere.pem")
    assert "cannot read the CA file '/nowhere.pem'" in missing.stderr


def test_javascript_with_the_authority(tls_server, certificates, name, tmp_path):
    create_table(make_tls_client(tls_server, certificates.ca), name)
    node = ["node", "--input-type=module", "-e", LIST_TABLES]
    variables = {"home": tmp_path, "cwd": JAVASCRIPT, "ENDPOINT": tls_server.endpoint}
    trusting = run(*node, **variables, NODE_EXTRA_CA_CERTS=certificates.ca)
    assert trusting.returncode == 0, trusting.stderr
    assert name in json.loads(trusting.stdout)
    assert run(*node, **variables).returncode != 0
