"""A keep-alive connection that speaks the API's JSON: fast, and without an SDK in between."""

import http.client
import json

STREAMS_OPERATIONS = {"ListStreams", "DescribeStream", "GetShardIterator", "GetRecords"}


class Refused(Exception):
    """An error answer where `ok` wanted none."""

    def __init__(self, operation, request, answer):
        super().__init__(f"{operation} {json.dumps(request)[:2000]} was refused: {answer}")
        self.answer = answer


class Connection:
    """One connection; not for several threads at once."""

    def __init__(self, host, port, timeout_seconds=30):
        self.http = http.client.HTTPConnection(host, port, timeout=timeout_seconds)

    def call(self, operation, request):
        """Status and decoded body. OSError or HTTPException when the server goes away."""
        service = ("DynamoDBStreams_20120810" if operation in STREAMS_OPERATIONS
                   else "DynamoDB_20120810")
        self.http.request("POST", "/", json.dumps(request).encode(),
                          {"Content-Type": "application/x-amz-json-1.0",
                           "X-Amz-Target": f"{service}.{operation}"})
        response = self.http.getresponse()
        return response.status, json.loads(response.read())

    def ok(self, operation, request):
        status, answer = self.call(operation, request)
        if status != 200:
            raise Refused(operation, request, answer)
        return answer

    def close(self):
        self.http.close()


def error_of(answer):
    """Name and message of an error answer."""
    return answer["__type"].split("#")[-1], answer.get("message", answer.get("Message"))
