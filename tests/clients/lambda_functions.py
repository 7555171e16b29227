"""Functions for the tests of Lambda's API."""

import io
import itertools
import stat
import time
import zipfile

import botocore.exceptions

from roles import ROLE

COUNTER = itertools.count(1)
ARN = "arn:aws:lambda:us-east-1:000000000000:function:"
BOOTSTRAP = b"#!/bin/sh\nexit 1\n"


def zip_of(files=None, compression=zipfile.ZIP_DEFLATED):
    """The bytes of a zip file; names that have no dot are executable."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in (files or {"bootstrap": BOOTSTRAP}).items():
            info = zipfile.ZipInfo(name, date_time=(2026, 1, 1, 0, 0, 0))
            info.compress_type = compression
            mode = 0o644 if "." in name else 0o755
            info.external_attr = (stat.S_IFREG | mode) << 16
            archive.writestr(info, content)
    return buffer.getvalue()


def new_name():
    return f"function-{next(COUNTER)}-{time.monotonic_ns() % 10**9}"


def create(functions, name, **options):
    options = {"Runtime": "provided.al2023", "Role": ROLE, "Handler": "handler",
               "Code": {"ZipFile": zip_of()}, **options}
    return functions.create_function(FunctionName=name, **options)


class failing:  # noqa: N801, reads as a word
    """with failing("ResourceNotFoundException", 404, "the whole message"): ...   (None: any)"""

    def __init__(self, code, status, message=None):
        self.expected = (code, status, message)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _):
        assert kind is not None, f"expected {self.expected[0]}, but the call succeeded"
        if not isinstance(error, botocore.exceptions.ClientError):
            return False
        self.response = error.response
        found = error.response["Error"]
        code, status, message = self.expected
        assert (found["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]) == (
            code, status), found
        if message is not None:
            assert found["Message"] == message
        return True
