"""A trail's bucket in real S3, validated by `aws cloudtrail validate-logs` and by `millrace trail
validate`: untouched, and tampered with in every way. Both must name the file."""

import gzip
import json
import os
import subprocess
import time

import boto3
import pytest
from aws_proxy import AwsProxy
from radosgw import Radosgw
from server import BINARY, Server

AWS = "/usr/bin/aws"
BUCKET = "audit"
PREFIX = "logs/of"
REGION = "us-east-1"
DIGESTS = 3
DELIVERY_SECONDS_MAX = 60


class Trail:
    """A server that delivers a trail, and what was delivered."""

    def __init__(self, server, store, proxy, directory):
        self.endpoint = server.endpoint
        self.started = time.time()
        self.s3 = self._client("s3", store.endpoint, store)
        self.cloudtrail = self._client("cloudtrail", server.endpoint, store)
        self.dynamodb = self._client("dynamodb", server.endpoint, store)
        configuration = directory / "aws-config"
        configuration.write_text("[default]\ns3 =\n  addressing_style = path\n")
        self.environment = {
            **os.environ, **proxy.environment, "AWS_CONFIG_FILE": str(configuration),
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_PAGER": "",
            "AWS_ACCESS_KEY_ID": store.access_key, "AWS_SECRET_ACCESS_KEY": store.secret_key,
            "AWS_DEFAULT_REGION": REGION, "AWS_REGION": REGION}

    @staticmethod
    def _client(service, endpoint, store):
        return boto3.client(service, endpoint_url=endpoint, region_name=REGION,
                            aws_access_key_id=store.access_key,
                            aws_secret_access_key=store.secret_key)

    def create(self):
        self.s3.create_bucket(Bucket=BUCKET)
        self.dynamodb.create_table(
            TableName="music", BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
        self.dynamodb.get_waiter("table_exists").wait(TableName="music",
                                                      WaiterConfig={"Delay": 1})
        self.arn = self.cloudtrail.create_trail(
            Name="validated", S3BucketName=BUCKET, S3KeyPrefix=PREFIX,
            EnableLogFileValidation=True)["TrailARN"]
        self.cloudtrail.put_event_selectors(TrailName="validated", EventSelectors=[{
            "ReadWriteType": "All", "IncludeManagementEvents": True,
            "DataResources": [{"Type": "AWS::DynamoDB::Table", "Values": ["arn:aws:dynamodb"]}]}])
        self.cloudtrail.start_logging(Name="validated")

    def await_digests(self):
        """Calls until so many digests in a row name two log files or more together."""
        deadline = time.monotonic() + DELIVERY_SECONDS_MAX
        while time.monotonic() < deadline:
            for i in range(5):
                self.dynamodb.put_item(TableName="music", Item={"id": {"S": str(i)}})
            time.sleep(0.3)
            self.digests = [key for key in self.keys() if "/CloudTrail-Digest/" in key]
            self.log_files = self._digested()
            if len(self.digests) >= DIGESTS and len(self.log_files) >= DIGESTS:
                return
        raise AssertionError(f"delivered so far: {self.keys()}")

    def _digested(self):
        """Of the digests that are there, but the newest."""
        named = []
        for key in self.digests[:-1]:
            content = json.loads(gzip.decompress(self.get(key)["Body"]))
            named += [file["s3Object"] for file in content["logFiles"]]
        return named

    def keys(self):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]

    def get(self, key):
        answer = self.s3.get_object(Bucket=BUCKET, Key=key)
        return {"Body": answer["Body"].read(), "Metadata": answer["Metadata"]}

    def put(self, key, stored):
        self.s3.put_object(Bucket=BUCKET, Key=key, **stored)

    def remove(self, key):
        self.s3.delete_object(Bucket=BUCKET, Key=key)

    def _run(self, *command):
        start = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.started - 60))
        result = subprocess.run([*command, "--trail-arn", self.arn, "--start-time", start],
                                env=self.environment, capture_output=True, text=True, timeout=60)
        return result.returncode, result.stdout + result.stderr

    def validate(self):
        """Exit code and output of AWS's tool and of Millrace's."""
        return (self._run(AWS, "cloudtrail", "validate-logs", "--region", REGION),
                self._run(BINARY, "trail", "validate", "--endpoint-url", self.endpoint))


@pytest.fixture(scope="module")
def trail(tmp_path_factory):
    directory = tmp_path_factory.mktemp("validated")
    configuration = directory / "millrace.toml"
    with Radosgw() as store:
        configuration.write_text(
            f'[destinations]\naccess_key_id = "{store.access_key}"\n'
            f'secret_access_key = "{store.secret_key}"\n')
        with Server("--config", configuration, "--data", directory / "data",
                    "--listen", "127.0.0.1:0", "--destinations-s3-endpoint", store.endpoint,
                    "--audit-delivery-seconds", 1, "--audit-digest-seconds", 2) as server, \
                AwsProxy(directory, {"s3": store.endpoint,
                                     "cloudtrail": server.endpoint}) as proxy:
            running = Trail(server, store, proxy, directory)
            running.create()
            running.await_digests()
            yield running


def test_an_untouched_bucket_is_valid(trail):
    for code, output in trail.validate():
        assert code == 0, output
        assert "INVALID" not in output
        assert "digest files valid" in output and "log files valid" in output


def test_keys_may_be_rotated(trail):
    code, output = 0, subprocess.run([BINARY, "trail", "rotate-key", "--endpoint-url",
                                      trail.endpoint], env=trail.environment, check=True,
                                     capture_output=True, text=True).stdout
    assert "Digests are signed with the key" in output
    before = len(trail.digests)
    while len([key for key in trail.keys() if "/CloudTrail-Digest/" in key]) < before + 3:
        time.sleep(0.3)
    assert len(trail.cloudtrail.list_public_keys(StartTime=trail.started)["PublicKeyList"]) == 2
    for code, output in trail.validate():
        assert code == 0, output


def change_byte(trail, key):
    stored = trail.get(key)
    plain = bytearray(gzip.decompress(stored["Body"]))
    plain[len(plain) // 2] ^= 1
    trail.put(key, {**stored, "Body": gzip.compress(bytes(plain))})


def change_signature(trail, key):
    stored = trail.get(key)
    signature = stored["Metadata"]["signature"]
    other = ("0" if signature[0] != "0" else "1") + signature[1:]
    trail.put(key, {**stored, "Metadata": {**stored["Metadata"], "signature": other}})


def swap_with_next(trail, key):
    keys = trail.log_files if key in trail.log_files else trail.digests
    other = keys[keys.index(key) + 1]
    one, two = trail.get(key), trail.get(other)
    trail.put(key, two)
    trail.put(other, one)


def remove(trail, key):
    trail.remove(key)


@pytest.mark.parametrize("tamper, is_digest", [
    (change_byte, False), (remove, False), (swap_with_next, False),
    (change_byte, True), (change_signature, True), (remove, True), (swap_with_next, True)])
def test_both_tools_name_what_was_tampered_with(trail, tamper, is_digest):
    key = (trail.digests if is_digest else trail.log_files)[0]
    kept = {name: trail.get(name) for name in (*trail.digests[:2], *trail.log_files[:2])}
    tamper(trail, key)
    try:
        for code, output in trail.validate():
            assert code == 1, output
            assert any(key in line and "INVALID" in line for line in output.splitlines()), output
    finally:
        for name, stored in kept.items():
            trail.put(name, stored)
