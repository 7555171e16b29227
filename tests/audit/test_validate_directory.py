"""`millrace trail validate` on a directory bucket, where the server says that it is, and on a copy."""

import json
import pathlib
import shutil
import subprocess
import time

import boto3
import pytest
from server import BINARY, Server

DELIVERY_SECONDS_MAX = 60


def make_client(server, service):
    return boto3.client(service, endpoint_url=server.endpoint, region_name="us-east-1",
                        aws_access_key_id="a", aws_secret_access_key="b")


class Delivered:
    def __init__(self, server, data, arn):
        self.server, self.arn = server, arn
        self.bucket = data / "buckets/audit"

    def files(self, kind):
        return sorted(self.bucket.rglob(f"AWSLogs/*/{kind}/**/*.json.gz"))

    def verified_file(self):
        """A log file that a digest already names: a later one is nobody's yet."""
        _, output = self.validate("--verbose")
        return next(path for path in (file.relative_to(self.bucket)
                                      for file in self.files("CloudTrail")) if str(path) in output)

    def validate(self, *arguments):
        result = subprocess.run(
            [BINARY, "trail", "validate", "--endpoint-url", self.server.endpoint, "--trail-arn",
             self.arn, "--start-time", "1h", *map(str, arguments)],
            capture_output=True, text=True, timeout=60)
        return result.returncode, result.stdout + result.stderr


@pytest.fixture(scope="module")
def delivered(tmp_path_factory):
    data = tmp_path_factory.mktemp("validated") / "data"
    with Server("--data", data, "--audit-delivery-seconds", 1,
                "--audit-digest-seconds", 1) as server:
        cloudtrail = make_client(server, "cloudtrail")
        arn = cloudtrail.create_trail(Name="trail", S3BucketName="audit",
                                      EnableLogFileValidation=True)["TrailARN"]
        cloudtrail.start_logging(Name="trail")
        trail = Delivered(server, data, arn)
        deadline = time.monotonic() + DELIVERY_SECONDS_MAX
        while len(trail.files("CloudTrail-Digest")) < 4 or len(trail.files("CloudTrail")) < 3:
            assert time.monotonic() < deadline, trail.validate()
            cloudtrail.add_tags(ResourceId=arn, TagsList=[{"Key": "k", "Value": "v"}])
            time.sleep(0.3)
        yield trail


def test_untouched(delivered):
    code, output = delivered.validate("--verbose")
    assert code == 0, output
    assert "INVALID" not in output and "digest files valid" in output
    assert str(delivered.verified_file()) in output


def test_the_signature_is_beside_the_digest(delivered):
    digest = delivered.files("CloudTrail-Digest")[0]
    metadata = json.loads(pathlib.Path(f"{digest}.metadata.json").read_text())
    assert metadata["signature-algorithm"] == "SHA256withRSA"
    assert len(bytes.fromhex(metadata["signature"])) == 256
    assert metadata["content-encoding"] == "gzip"


def test_a_copy_that_was_tampered_with(delivered, tmp_path):
    removed = delivered.verified_file()
    copy = tmp_path / "copy"
    shutil.copytree(delivered.bucket, copy)
    assert delivered.validate("--bucket-directory", copy)[0] == 0
    (copy / removed).unlink()
    code, output = delivered.validate("--bucket-directory", copy)
    assert code == 1
    assert f"{removed}\tINVALID: not found" in output


def test_what_cannot_be_validated(delivered, tmp_path):
    code, output = delivered.validate("--bucket-directory", tmp_path)
    assert code == 1
    assert "No digests found" in output or "The newest digests are missing" in output
    code, output = delivered.validate("--end-time", "2020-01-01")
    assert code == 1 and "--start-time must be before --end-time" in output
    delivered.arn += "x"
    try:
        code, output = delivered.validate()
    finally:
        delivered.arn = delivered.arn[:-1]
    assert code == 1 and "TrailNotFoundException" in output
