"""Signatures of requests: what a server that enforces access control takes and what it refuses."""

import datetime
import gzip
import hashlib
import http.client
import json
import os
import unittest.mock

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.config
import botocore.credentials
import pytest

from server import Server
from wire import Answer, send_bytes

KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
REGION = "us-east-1"
MISMATCH = ("The request signature we calculated does not match the signature you provided. Check your "
            "AWS Secret Access Key and signing method. Consult the service documentation for details.")
MISSING = ("MissingAuthenticationTokenException", "Request is missing Authentication Token")
UNKNOWN = ("UnrecognizedClientException", "The security token included in the request is invalid.")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    environment = {"MILLRACE_ROOT_ACCESS_KEY_ID": KEY_ID, "MILLRACE_ROOT_SECRET_ACCESS_KEY": SECRET}
    with unittest.mock.patch.dict(os.environ, environment):
        running = Server("--auth", "--data", tmp_path_factory.mktemp("millrace") / "data")
    with running:
        yield running


class Clock(datetime.datetime):
    """The time that the signer takes for now, so many seconds from it."""

    offset_seconds = 0

    @classmethod
    def utcnow(cls):
        real = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
        return real + datetime.timedelta(seconds=cls.offset_seconds)


class Signed:
    """A request as botocore's signer makes it, to be changed before it is sent."""

    def __init__(self, server, body=b'{"Limit":3}', target="DynamoDB_20120810.ListTables", path="/",
                 method="POST", key_id=KEY_ID, secret=SECRET, token=None, region=REGION,
                 service="dynamodb", headers=None, seconds=0, presigned=None):
        self.server = server
        url = f"http://{server.host}:{server.port}{path}"
        request = botocore.awsrequest.AWSRequest(method, url, data=body, headers={
            "Host": f"{server.host}:{server.port}", "Content-Type": "application/x-amz-json-1.0",
            **({"X-Amz-Target": target} if target else {}), **(headers or {})})
        credentials = botocore.credentials.Credentials(key_id, secret, token)
        signer = (botocore.auth.SigV4Auth(credentials, service, region) if presigned is None else
                  botocore.auth.SigV4QueryAuth(credentials, service, region, expires=presigned))
        clock = type("Shifted", (Clock,), {"offset_seconds": seconds})
        with unittest.mock.patch("botocore.auth.datetime.datetime", clock):
            signer.add_auth(request)
        self.method, self.body = method, body
        self.path = request.url[len(f"http://{server.host}:{server.port}"):]
        self.headers = list(request.headers.items())

    def __getitem__(self, name):
        return next(value for key, value in self.headers if key.lower() == name.lower())

    def __setitem__(self, name, value):
        self.headers = [(key, value if key.lower() == name.lower() else old)
                        for key, old in self.headers]

    def without(self, name):
        self.headers = [pair for pair in self.headers if pair[0].lower() != name.lower()]
        return self

    def send(self):
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=30)
        try:
            connection.putrequest(self.method, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers:
                connection.putheader(name, value)
            if "content-length" not in {name.lower() for name, _ in self.headers}:
                connection.putheader("Content-Length", str(len(self.body)))
            connection.endheaders(self.body)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def refusal(self):
        """Name and message of the error; None when it succeeded."""
        answer = self.send()
        if answer.status == 200:
            return None
        assert answer.status == 400, answer.body
        name, message = answer.error
        assert answer.json["__type"] == f"com.amazon.coral.service#{name}"
        return name, message


def amz_date(seconds):
    now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return now.strftime("%Y%m%dT%H%M%SZ")


def test_what_is_signed_is_taken(server):
    assert Signed(server).refusal() is None
    for skew in (-850, 850):
        assert Signed(server, seconds=skew).refusal() is None


def test_every_service_takes_its_own_signatures(server):
    config = botocore.config.Config(retries={"max_attempts": 0})
    for service, call in (("dynamodb", "list_tables"), ("dynamodbstreams", "list_streams"),
                          ("lambda", "list_functions"), ("cloudtrail", "describe_trails"),
                          ("logs", "describe_log_groups"), ("iam", "list_users"),
                          ("sts", "get_caller_identity")):
        client = boto3.client(service, endpoint_url=server.endpoint, region_name=REGION,
                              aws_access_key_id=KEY_ID, aws_secret_access_key=SECRET, config=config)
        getattr(client, call)()


def test_missing(server):
    assert Signed(server).without("Authorization").refusal() == MISSING
    for scheme in ("", "Basic YTpi", "Bearer token", "AWS AKIA:signature", "nonsense", "AWS4"):
        request = Signed(server)
        request["Authorization"] = scheme
        assert request.refusal() == MISSING, scheme


def test_unknown_keys_and_tokens(server):
    assert Signed(server, key_id="AKIAIOSFODNN7UNKNOWN").refusal() == UNKNOWN
    assert Signed(server, token="no token").refusal() == UNKNOWN
    assert Signed(server, secret="another").refusal() == ("InvalidSignatureException", MISMATCH)


def test_truncated_anywhere(server):
    whole = Signed(server)["Authorization"]
    for size in range(0, len(whole), 7):
        request = Signed(server)
        request["Authorization"] = request["Authorization"][:size]
        assert request.refusal()[0] in ("MissingAuthenticationTokenException",
                                        "IncompleteSignatureException",
                                        "InvalidSignatureException"), size


def test_incomplete(server):
    request = Signed(server)
    request["Authorization"] = shortened = request["Authorization"].split(", Signature")[0]
    assert request.refusal() == (
        "IncompleteSignatureException",
        f"Authorization header requires 'Signature' parameter. Authorization={shortened}")
    request["Authorization"] = "AWS4-HMAC-SHA256 nonsense"
    assert request.refusal() == (
        "IncompleteSignatureException",
        "'nonsense' not a valid key=value pair (missing equal-sign) in Authorization header: "
        "'AWS4-HMAC-SHA256 nonsense'.")
    request = Signed(server)
    request["Authorization"] = request["Authorization"].replace("HMAC-SHA256", "HMAC-SHA1")
    assert request.refusal() == (
        "IncompleteSignatureException",
        "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1' (only AWS4-HMAC-SHA256 for now). ")


def test_doubled(server):
    request = Signed(server)
    request.headers.append(("Authorization", request["Authorization"]))
    assert request.refusal()[0] == "IncompleteSignatureException"
    request = Signed(server)
    request["Authorization"] += ", " + request["Authorization"].split(" ", 1)[1]
    assert request.refusal()[0] == "IncompleteSignatureException"
    both = Signed(server, presigned=60)
    both.headers.append(("Authorization", Signed(server)["Authorization"]))
    assert both.refusal() == (
        "InvalidSignatureException",
        "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.")


@pytest.mark.parametrize("garbage", [
    b"AWS4-HMAC-SHA256 \xff\xfe\x80=\xe2\x82", b"AWS4-" + b"=,;/ " * 5000,
    b"AWS4-HMAC-SHA256 Credential=" + b"/" * 40000 + b", SignedHeaders=h, Signature=s",
    b"AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=" + b"a;" * 20000 + b", Signature=s"])
def test_garbage(server, garbage):
    answer = send_bytes(server, b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                b"X-Amz-Target: DynamoDB_20120810.ListTables\r\n"
                                b"X-Amz-Date: 20260101T000000Z\r\nContent-Length: 2\r\n"
                                b"Authorization: " + garbage + b"\r\n\r\n{}")
    head, body = answer.split(b"\r\n\r\n", 1)
    assert head.startswith(b"HTTP/1.1 400 ")
    error = json.loads(body.decode("ascii"))["__type"].split("#")[1]
    assert error in ("IncompleteSignatureException", "InvalidSignatureException",
                     "MissingAuthenticationTokenException")


def test_replayed_late_and_early(server):
    late = Signed(server, seconds=-1000)
    name, message = late.refusal()
    assert name == "InvalidSignatureException"
    assert message.startswith(f"Signature expired: {late['X-Amz-Date']} is now earlier than ")
    assert message.endswith(" - 15 min.)")
    name, message = Signed(server, seconds=1000).refusal()
    assert (name, message[:27]) == ("InvalidSignatureException", "Signature not yet current: ")
    request = Signed(server)
    request["X-Amz-Date"] = "2026-01-01"
    assert request.refusal() == (
        "IncompleteSignatureException",
        "Date must be in ISO-8601 'basic format'. Got '2026-01-01'. "
        "See http://en.wikipedia.org/wiki/ISO_8601")
    request["X-Amz-Date"] = amz_date(5)
    assert request.refusal() == ("InvalidSignatureException", MISMATCH)


def test_tampered(server):
    for name, value in (("Host", "elsewhere:8000"), ("X-Amz-Target", "DynamoDB_20120810.DescribeLimits"),
                        ("Content-Type", "application/x-amz-json-1.1")):
        request = Signed(server)
        request[name] = value
        assert request.refusal() == ("InvalidSignatureException", MISMATCH), name
    request = Signed(server)
    request.body = b'{"Limit":4}'
    assert request.refusal() == ("InvalidSignatureException", MISMATCH)
    request = Signed(server)
    request.path = "/?a=b"
    assert request.refusal() == ("InvalidSignatureException", MISMATCH)
    request = Signed(server)
    request["Authorization"] = request["Authorization"][:-1] + "x"
    assert request.refusal() == ("InvalidSignatureException", MISMATCH)


def test_what_must_be_signed(server):
    request = Signed(server, target=None)
    request.headers.append(("X-Amz-Target", "DynamoDB_20120810.ListTables"))
    assert request.refusal() == (
        "InvalidSignatureException",
        "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.")
    request = Signed(server)
    request["Authorization"] = request["Authorization"].replace("content-type;host;", "content-type;")
    assert request.refusal() == ("InvalidSignatureException",
                                 "'Host' must be a 'SignedHeader' in the AWS Authorization.")
    request = Signed(server)
    request.headers += [("User-Agent", "a proxy"), ("X-Amzn-Trace-Id", "Root=1")]
    assert request.refusal() is None


def test_other_scopes(server):
    assert Signed(server, region="eu-west-9").refusal() == (
        "InvalidSignatureException",
        "Credential should be scoped to a valid region, not 'eu-west-9'. ")
    assert Signed(server, service="lambda").refusal() == (
        "InvalidSignatureException",
        "Credential should be scoped to correct service: 'dynamodb'. ")
    request = Signed(server)
    request["Authorization"] = request["Authorization"].replace("aws4_request", "aws5_request")
    assert request.refusal() == (
        "InvalidSignatureException",
        "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. ")
    request = Signed(server)
    day, other = request["X-Amz-Date"][:8], "20200101"
    request["Authorization"] = request["Authorization"].replace(f"/{day}/", f"/{other}/")
    assert request.refusal() == (
        "InvalidSignatureException",
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
        f"'{other}' != '{day}', from '{request['X-Amz-Date']}'.")


def test_declared_payload_hashes(server):
    body = b'{"Limit":3}'
    right = hashlib.sha256(body).hexdigest()
    assert Signed(server, body, headers={"X-Amz-Content-Sha256": right}).refusal() is None
    for declared in ("0" * 64, "UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                     "STREAMING-UNSIGNED-PAYLOAD-TRAILER", right.upper()):
        request = Signed(server, body, headers={"X-Amz-Content-Sha256": declared})
        assert request.refusal() == ("InvalidSignatureException", MISMATCH), declared


def test_a_compressed_body_is_signed_as_it_is_sent(server):
    body = gzip.compress(b'{"Limit":3}')
    request = Signed(server, body, headers={"Content-Encoding": "gzip"})
    assert request.refusal() is None
    request = Signed(server, b'{"Limit":3}', headers={"Content-Encoding": "gzip"})
    request.body = body
    assert request.refusal() == ("InvalidSignatureException", MISMATCH)


def presigned_functions(server, expires, seconds=0):
    return Signed(server, b"", None, "/2015-03-31/functions/", "GET", service="lambda",
                  presigned=expires, seconds=seconds)


def test_presigned_requests(server):
    assert presigned_functions(server, 60).send().status == 200
    assert presigned_functions(server, 604800, seconds=-86400 * 2).send().status == 200
    expired = presigned_functions(server, 60, seconds=-120).send()
    assert (expired.status, expired.headers["x-amzn-ErrorType"]) == (403, "InvalidSignatureException")
    assert expired.json["message"].startswith("Signature expired: ")
    longer = presigned_functions(server, 60)
    longer.path = longer.path.replace("X-Amz-Expires=60", "X-Amz-Expires=3600")
    assert longer.send().json["message"] == MISMATCH
    cut = presigned_functions(server, 60)
    cut.path = cut.path.split("&X-Amz-Signature")[0]
    assert cut.send().json["message"] == (
        "AWS query-string parameters must include 'X-Amz-Signature'. "
        "Re-examine the query-string parameters.")


def test_lambda_answers_403(server):
    request = Signed(server, b"", None, "/2015-03-31/functions/", "GET", service="lambda")
    assert request.send().status == 200
    answer = request.without("Authorization").send()
    assert (answer.status, answer.headers["x-amzn-ErrorType"]) == (
        403, "MissingAuthenticationTokenException")
    assert answer.json == {"message": "Request is missing Authentication Token"}


def test_unknown_operations_are_told_to_those_who_are_known(server):
    assert Signed(server, target="DynamoDB_20120810.Nothing").refusal()[0] == \
        "UnknownOperationException"
    request = Signed(server, target="DynamoDB_20120810.Nothing").without("Authorization")
    assert request.refusal() == MISSING


def test_what_is_refused_is_in_the_trail(server):
    bad = Signed(server, secret="another", headers={"User-Agent": "an intruder"})
    assert bad.refusal() == ("InvalidSignatureException", MISMATCH)
    client = boto3.client("cloudtrail", endpoint_url=server.endpoint, region_name=REGION,
                          aws_access_key_id=KEY_ID, aws_secret_access_key=SECRET)
    events = [json.loads(event["CloudTrailEvent"]) for event in client.lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "ListTables"}])["Events"]]
    found = [event for event in events if event.get("userAgent") == "an intruder"]
    assert [event["errorCode"] for event in found] == ["InvalidSignatureException"]
    assert found[0]["userIdentity"]["accessKeyId"] == KEY_ID


def test_open_to_everybody(server):
    for path, status in (("/", 200), ("/health", 200), ("/metrics", 200)):
        request = Signed(server, b"", None, path, "GET").without("Authorization")
        assert request.send().status == status
