"""What no SDK sends: the server answers as the service does, or closes, and goes on."""

import gzip
import http.client
import os
import socket
import threading

import pytest

from credentials import open_mode_only
from wire import DYNAMODB, STREAMS, call, get, post, send_bytes

MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def serves_and_has_lost_nothing(client, table):
    item = {"id": {"S": "kept"}, "v": {"S": "safe"}}
    client.put_item(TableName=table, Item=item)
    yield
    assert client.get_item(TableName=table, Key={"id": {"S": "kept"}})["Item"] == item


@pytest.mark.parametrize("body", [b"", b"{", b"nonsense", b'{"TableName": "t"', b"[1, 2",
                                  b'{"TableName": "\xff\xfe"}', b'{"a":1}{"b":2}', b"\x00" * 100,
                                  b"[" * 100_000])
def test_malformed_json(server, body):
    answer = call(server, "GetItem", body)
    assert answer.status == 400
    assert answer.json["__type"] == "com.amazon.coral.service#SerializationException"


@pytest.mark.parametrize("target", [f"{DYNAMODB}.Nonsense", f"{DYNAMODB}.", "GetItem", "", None,
                                    "Other_20120810.GetItem", f"{STREAMS}.PutItem",
                                    f"{DYNAMODB}.GetRecords", f"{DYNAMODB}.putitem",
                                    f"{DYNAMODB}.ExportTableToPointInTime"])
def test_unknown_operations(server, target):
    answer = post(server, {}, target, {"X-Amz-Target": target})
    assert answer.status in (400, 404)
    if target:
        assert answer.json["__type"] == "com.amazon.coral.service#UnknownOperationException"


@pytest.mark.parametrize("operation, body", [
    ("GetItem", {"TableName": 5, "Key": {}}),
    ("GetItem", {"TableName": "abc", "Key": "k"}),
    ("GetItem", {"TableName": "abc", "Key": []}),
    ("GetItem", {"TableName": "abc", "Key": {"id": "plain"}}),
    ("GetItem", {"TableName": "abc", "Key": {"id": {"S": 5}}}),
    ("GetItem", {"TableName": "abc", "Key": {"id": {"S": "a"}}, "ConsistentRead": "perhaps"}),
    ("ListTables", {"Limit": "many"}),
    ("PutItem", {"TableName": "abc", "Item": {"id": {"B": "***"}}}),
    ("PutItem", {"TableName": "abc", "Item": {"id": {"SS": "a"}}}),
    ("PutItem", {"TableName": "abc", "Item": {"id": {"L": {}}}}),
    ("CreateTable", {"TableName": "abc", "KeySchema": {}}),
])
def test_wrong_types(server, operation, body):
    answer = call(server, operation, body)
    assert answer.status == 400
    assert answer.json["__type"] == "com.amazon.coral.service#SerializationException"


@pytest.mark.parametrize("operation, body, message", [
    ("PutItem", {"Item": {"id": {"S": "a"}}},
     "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member "
     "must not be null"),
    ("PutItem", {"TableName": "abc"},
     "1 validation error detected: Value null at 'item' failed to satisfy constraint: Member must "
     "not be null"),
    ("GetItem", {"TableName": "bad table!@#", "Key": {"id": {"S": "a"}}},
     "1 validation error detected: Value 'bad table!@#' at 'tableName' failed to satisfy "
     "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
])
def test_missing_and_malformed_members(server, operation, body, message):
    assert call(server, operation, body).error == ("ValidationException", message)


def test_all_violations_in_one_message(server):
    name, message = call(server, "PutItem", {}).error
    assert name == "ValidationException"
    assert message.startswith("2 validation errors detected: ")
    assert "'tableName'" in message and "'item'" in message and "; " in message


@pytest.mark.parametrize("value, message", [
    ({}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
    ({"S": "a", "N": "1"}, "Supplied AttributeValue has more than one datatypes set, must contain "
                           "exactly one of the supported datatypes"),
])
def test_attribute_value_has_one_type(server, table, value, message):
    answer = call(server, "PutItem", {"TableName": table, "Item": {"id": {"S": "a"}, "v": value}})
    assert answer.error == ("ValidationException", message)


def test_unknown_members_are_ignored(server, table):
    answer = call(server, "GetItem", {"TableName": table, "Key": {"id": {"S": "kept"}},
                                      "Unheard": {"of": 1}})
    assert answer.status == 200


@open_mode_only("enforced mode refuses it")
@pytest.mark.parametrize("authorization", [None, "", "nonsense", "AWS4-HMAC-SHA256 nonsense"])
def test_a_request_without_credentials_is_served_as_anonymous(server, authorization):
    assert call(server, "ListTables", {}, {"Authorization": authorization}).status == 200


def status_of_large_post(server, body, headers=None):
    """The status, or None where the server closed while the body was still being sent."""
    try:
        return call(server, "PutItem", body, headers).status
    except (ConnectionError, http.client.HTTPException):
        return None


def test_body_of_17_megabytes(server):
    assert status_of_large_post(server, b"x" * (17 * MEGABYTE)) in (413, None)


def test_announced_body_of_17_megabytes_is_refused_before_it_is_sent(server):
    head = (f"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: {DYNAMODB}.PutItem\r\n"
            f"Content-Length: {17 * MEGABYTE}\r\n\r\n").encode()
    received = send_bytes(server, head, half_close=False)
    assert received.startswith(b"HTTP/1.1 413 ")


def test_body_that_is_17_megabytes_when_decompressed(server):
    bomb = gzip.compress(b" " * (17 * MEGABYTE))
    assert status_of_large_post(server, bomb, {"Content-Encoding": "gzip"}) == 413


def test_body_that_is_not_gzip(server):
    assert call(server, "ListTables", b"not gzip", {"Content-Encoding": "gzip"}).status == 400


@pytest.mark.parametrize("data", [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(200),  # a TLS hello
    os.urandom(100_000), b"\x00" * 5000, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    b"GET / HTTP/1.1\r\nHeader: " + b"x" * 100_000 + b"\r\n\r\n",
], ids=["tls", "random", "zeros", "no version", "wrong version", "negative length", "two lengths",
        "bad chunk", "huge header"])
def test_what_is_not_http(server, data):
    received = send_bytes(server, data)
    assert received == b"" or received.startswith(b"HTTP/1.1 4")


@pytest.mark.parametrize("data", [b"", b"POS", b"POST / HTTP/1.1\r\nHost: x\r\n",
                                  b"POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf"])
def test_half_a_request(server, data):
    received = send_bytes(server, data)
    assert received == b"" or received.startswith(b"HTTP/1.1 4")


def test_many_abandoned_connections(server):
    held = [socket.create_connection((server.host, server.port)) for _ in range(200)]
    for connection in held:
        connection.sendall(b"POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n{")
    assert get(server, "/health").status == 200
    for connection in held:
        connection.close()


def test_many_large_bodies_at_once_are_bounded(server):
    """Sixteen bodies just below the limit, none of which ever ends."""
    ends = []

    def send():
        try:
            connection = socket.create_connection((server.host, server.port), timeout=20)
            ends.append(connection)
            connection.sendall(b"POST / HTTP/1.1\r\nContent-Length: 16000000\r\n\r\n" +
                               b"x" * 15_000_000)
        except OSError:
            pass

    threads = [threading.Thread(target=send) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert get(server, "/health").status == 200
    for connection in ends:
        connection.close()


def test_unknown_paths(server):
    assert get(server, "/nowhere").status in (400, 404)
