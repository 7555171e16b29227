"""A keep-alive connection that speaks the API's JSON: fast, and without an SDK in between."""

import http.client
import json

STREAMS_OPERATIONS = {"ListStreams", "DescribeStream", "GetShardIterator", "GetRecords"}
OWN_OPERATIONS = {"SplitTable", "DescribeStreamStatistics"}


def service_of(operation):
    if operation in OWN_OPERATIONS:
        return "Millrace_20261101"
    return "DynamoDBStreams_20120810" if operation in STREAMS_OPERATIONS else "DynamoDB_20120810"


class Refused(Exception):
    """An error answer where `ok` wanted none."""

    def __init__(self, operation, request, answer):
        super().__init__(f"{operation} {json.dumps(request)[:2000]} was refused: {answer}")
        self.answer = answer


class Connection:
    """One connection; not for several threads at once."""

    def __init__(self, host, port, timeout_seconds=30):
        self.http = http.client.HTTPConnection(host, port, timeout=timeout_seconds)

    def call(self, operation, request, headers=None):
        """Status and decoded body. OSError or HTTPException when the server goes away."""
        target = f"{service_of(operation)}.{operation}"
        self.http.request("POST", "/", json.dumps(request).encode(),
                          {"Content-Type": "application/x-amz-json-1.0",
                           "X-Amz-Target": target, **(headers or {})})
        response = self.http.getresponse()
        return response.status, json.loads(response.read())

    def ok(self, operation, request, headers=None):
        status, answer = self.call(operation, request, headers)
        if status != 200:
            raise Refused(operation, request, answer)
        return answer

    def close(self):
        self.http.close()


def error_of(answer):
    """Name and message of an error answer."""
    return answer["__type"].split("#")[-1], answer.get("message", answer.get("Message"))
