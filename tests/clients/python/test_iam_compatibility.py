"""docs/compatibility.md says of every operation and parameter of IAM what the server does."""

import json
import re

import botocore.session
import pytest

from api_models import ROOT, ROW
from iam_calls import query

MODEL = json.loads((ROOT / "src/api/models/iam.json").read_text())
OF_THE_SERVICE = botocore.session.get_session().get_service_model("iam").operation_names


def rows():
    """(operation, parameters, answer) of every line of the table."""
    text = (ROOT / "docs/compatibility.md").read_text()
    [section] = [part for part in re.split(r"^## ", text, flags=re.MULTILINE)
                 if part.startswith("AWS IAM\n")]
    operation = None
    for first, parameters, answer, remark in ROW.findall(section):
        if answer in ("yes", "partly", "no"):
            operation = first or operation
            assert answer != "partly" or remark, operation
            yield operation, [name for name in re.split(r"[, ]+", parameters) if name], answer


def test_every_parameter_has_one_row():
    named = {}
    for operation, parameters, _ in rows():
        named.setdefault(operation, []).extend(parameters)
    expected = {operation: sorted(MODEL["shapes"][shape]["members"])
                for operation, shape in MODEL["operations"].items()}
    assert {operation: sorted(names) for operation, names in named.items()} == expected


@pytest.mark.parametrize("operation", sorted(OF_THE_SERVICE))
def test_operations_are_there_as_the_table_says(server, operation):
    """With a parameter that no request may have, so that nothing is changed."""
    answer = query(server, operation, {"MaxItems": "x", "Tags": "x", "UserName": "/",
                                       "GroupName": "/", "RoleName": "/", "PolicyName": "/",
                                       "PolicyArn": "x", "AccountAlias": "/", "PolicySourceArn": "x",
                                       "AccessKeyId": "/", "PolicyInputList": "x"})
    unknown = b"<Code>InvalidAction</Code>" in answer.body
    assert unknown == (operation not in MODEL["operations"])
