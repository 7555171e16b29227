"""docs/compatibility.md says of Lambda's operations on functions what the server does."""

import json
import re

from api_models import ROOT, ROW

SECTION = "AWS Lambda: functions"


def rows():
    """(operation, parameters) of every line of the table."""
    text = (ROOT / "docs/compatibility.md").read_text()
    [section] = [part for part in re.split(r"^## ", text, flags=re.MULTILINE)
                 if part.startswith(SECTION)]
    operation = None
    for first, parameters, answer, remark in ROW.findall(section):
        if answer in ("yes", "partly", "no"):
            operation = first or operation
            assert answer != "partly" or remark, operation
            yield operation, [name for name in re.split(r"[, ]+", parameters) if name]


def test_every_parameter_has_one_row():
    model = json.loads((ROOT / "src/api/models/lambda.json").read_text())
    named = {}
    for operation, parameters in rows():
        named.setdefault(operation, []).extend(parameters)
    expected = {}
    for operation, http in model["operations"].items():
        if "EventSourceMapping" not in operation:
            expected[operation] = sorted(model["shapes"][http["input"]]["members"])
    assert {operation: sorted(names) for operation, names in named.items()} == expected
