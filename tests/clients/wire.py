"""Requests below the SDKs: what an SDK would not send, and what it would not show of the answer."""

import base64
import binascii
import gzip
import http.client
import json
import socket

from credentials import signed

DYNAMODB = "DynamoDB_20120810"
STREAMS = "DynamoDBStreams_20120810"
MILLRACE = "Millrace_20261101"


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.sent = response.read()  # as on the wire
        zipped = self.headers.get("Content-Encoding") == "gzip"
        self.body = gzip.decompress(self.sent) if zipped else self.sent

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        """Name and message of an error."""
        return self.json["__type"].split("#")[-1], self.json.get("message", self.json.get("Message"))

    @property
    def checksum_is_right(self):
        return int(self.headers["x-amz-crc32"]) == binascii.crc32(self.sent)


def post(server, body, target, headers=None, connection=None):
    """Sends `body`, bytes as they are and anything else as JSON, signed. A header that is None is not
    sent."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    given = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": target,
             **(headers or {})}
    sent = {name: value for name, value in given.items() if value is not None}
    if "Authorization" not in given:
        sent = signed(f"{server.host}:{server.port}", "POST", "/", sent, body, service_of(target))
    own = connection or http.client.HTTPConnection(server.host, server.port, timeout=30)
    try:
        own.request("POST", "/", body, sent)
        return Answer(own.getresponse())
    finally:
        if connection is None:
            own.close()


def service_of(target):
    """That a request's signature is for. Millrace's own operations are DynamoDB's in that."""
    names = {"Logs_": "logs", "com.amazonaws.cloudtrail": "cloudtrail"}
    return next((names[prefix] for prefix in names if (target or "").startswith(prefix)), "dynamodb")


def call(server, operation, body, headers=None, service=DYNAMODB, connection=None):
    return post(server, body, f"{service}.{operation}", headers, connection)


def get(server, path, service="dynamodb"):
    connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
    try:
        connection.request("GET", path, headers=signed(f"{server.host}:{server.port}", "GET", path,
                                                       {}, b"", service))
        return Answer(connection.getresponse())
    finally:
        connection.close()


def send_bytes(server, data, seconds_max=20, half_close=True):
    """Sends raw bytes on a connection of its own; all that comes back until the server closes."""
    received = b""
    with socket.create_connection((server.host, server.port), timeout=seconds_max) as connection:
        try:
            connection.sendall(data)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65536):
                received += chunk
        except (ConnectionResetError, BrokenPipeError):
            pass
    return received


def b64(data):
    return base64.b64encode(data).decode()
