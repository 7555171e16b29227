"""In which mode the servers under test run, and who asks them. MILLRACE_TEST_AUTH=1 is enforced mode:
the root signs every request."""

import os

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest

ENFORCED = os.environ.get("MILLRACE_TEST_AUTH") == "1"
ACCESS_KEY_ID = "AKIAMILLRACETESTROOT" if ENFORCED else "test"
SECRET_ACCESS_KEY = "the-secret-of-the-tests" if ENFORCED else "test"
PRINCIPAL_ARN = "arn:aws:iam::000000000000:" + ("root" if ENFORCED else "user/test")
REGION = "us-east-1"

# Of `millrace serve`.
SERVER_OPTIONS = ("--auth",) if ENFORCED else ()
SERVER_VARIABLES = {"MILLRACE_ROOT_ACCESS_KEY_ID": ACCESS_KEY_ID,
                    "MILLRACE_ROOT_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY} if ENFORCED else {}
# Of a client that takes them from its environment.
CLIENT_VARIABLES = {"AWS_ACCESS_KEY_ID": ACCESS_KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
                    "AWS_DEFAULT_REGION": REGION}


def open_mode_only(reason):
    """Marks a test that enforced mode has others for."""
    return pytest.mark.skipif(ENFORCED, reason=reason)


def signed(address, method, path, headers, body, service="dynamodb"):
    """`headers` and those that sign them all, for a request to `address`, "HOST:PORT"."""
    request = botocore.awsrequest.AWSRequest(
        method, f"http://{address}{path}", {"Host": address, **headers}, body)
    key = botocore.credentials.Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY)
    botocore.auth.SigV4Auth(key, service, REGION).add_auth(request)
    return {**headers, **{name: request.headers[name] for name in ("X-Amz-Date", "Authorization")}}
