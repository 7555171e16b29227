"""Headers, checksums, compression, keep-alive and pipelining."""

import gzip
import http.client
import json

import pytest

from credentials import signed
from wire import DYNAMODB, STREAMS, call, get, send_bytes


def test_health(server):
    assert get(server, "/health").status == 200


@pytest.mark.parametrize("operation, body, status", [
    ("ListTables", {}, 200), ("DescribeTable", {"TableName": "nowhere"}, 400),
    ("Nonsense", {}, 400), ("ListTables", b"{", 400)])
def test_every_answer_is_marked_and_checksummed(server, operation, body, status):
    answers = [call(server, operation, body) for _ in range(2)]
    for answer in answers:
        assert answer.status == status
        assert answer.checksum_is_right
        assert len(answer.headers["x-amzn-RequestId"]) == 52
    assert answers[0].headers["x-amzn-RequestId"] != answers[1].headers["x-amzn-RequestId"]


@pytest.mark.parametrize("version", ["application/x-amz-json-1.0", "application/x-amz-json-1.1"])
def test_answer_has_the_content_type_of_the_request(server, version):
    assert call(server, "ListTables", {}, {"Content-Type": version}).headers[
        "Content-Type"] == version


def test_streams_have_a_target_of_their_own(server):
    answer = call(server, "ListStreams", {}, service=STREAMS)
    assert (answer.status, answer.json["Streams"] is not None) == (200, True)


def test_gzip_request(server, table):
    body = json.dumps({"TableName": table, "Item": {"id": {"S": "z"}, "v": {"S": "x" * 5000}}})
    answer = call(server, "PutItem", gzip.compress(body.encode()), {"Content-Encoding": "gzip"})
    assert answer.status == 200
    got = call(server, "GetItem", {"TableName": table, "Key": {"id": {"S": "z"}}})
    assert got.json["Item"]["v"] == {"S": "x" * 5000}


def test_gzip_response_when_asked(server, client, table):
    client.put_item(TableName=table, Item={"id": {"S": "z"}, "v": {"S": "x" * 50_000}})
    request = {"TableName": table, "Key": {"id": {"S": "z"}}}
    plain = call(server, "GetItem", request, {"Accept-Encoding": "identity"})
    assert plain.headers.get("Content-Encoding") is None
    zipped = call(server, "GetItem", request, {"Accept-Encoding": "deflate, gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert len(zipped.sent) < 5000
    assert zipped.json == plain.json
    assert zipped.checksum_is_right


def test_keep_alive(server):
    connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
    connection.connect()
    used = connection.sock
    for _ in range(20):
        assert call(server, "ListTables", {}, connection=connection).status == 200
        assert connection.sock is used
    connection.close()


def head_of(operation, body, *more):
    """Up to the body, which is signed; `more` are header lines."""
    headers = {"X-Amz-Target": f"{DYNAMODB}.{operation}",
               "Content-Type": "application/x-amz-json-1.0"}
    lines = [f"{name}: {value}" for name, value in signed("x", "POST", "/", headers, body).items()]
    return "\r\n".join(["POST / HTTP/1.1", "Host: x", *lines, *more, "", ""]).encode()


def request_bytes(body, close=False):
    return head_of("DescribeTable", body, f"Content-Length: {len(body)}",
                   "Connection: close" if close else "X: y") + body


def test_pipelined_requests_are_answered_in_order(server):
    names = [f"pipelined-{number}" for number in range(50)]
    sent = b"".join(request_bytes(json.dumps({"TableName": name}).encode(), name == names[-1])
                    for name in names)
    received = send_bytes(server, sent, half_close=False).decode()
    positions = [received.find(f"Table: {name} not found") for name in names]
    assert -1 not in positions and positions == sorted(positions)


def test_chunked_request(server):
    head = head_of("ListTables", b"{}", "Connection: close", "Transfer-Encoding: chunked")
    received = send_bytes(server, head + b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
                          half_close=False)
    assert received.startswith(b"HTTP/1.1 200 ")


def test_large_item_both_ways(client, table):
    item = {"id": {"S": "large"}, "v": {"B": bytes(390_000)}}
    client.put_item(TableName=table, Item=item)
    assert client.get_item(TableName=table, Key={"id": {"S": "large"}})["Item"] == item
