"""The API models of src/api/models, and the table of docs/compatibility.md that speaks of them."""

import dataclasses
import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TARGETS = {"dynamodb": "DynamoDB_20120810", "dynamodbstreams": "DynamoDBStreams_20120810",
           "logs": "Logs_20140328", "millrace": "Millrace_20261101"}
# Sections of docs/compatibility.md, and the service that each is about.
SECTIONS = {"DynamoDB": "dynamodb", "DynamoDB Streams": "dynamodbstreams",
            "CloudWatch Logs": "logs", "Millrace's own operations": "millrace"}
# A row begins with an operation, or with nothing when it goes on about the one above it.
ROW = re.compile(r"^\| *(\w*) *\| *([\w., ]*?) *\| *(\w*) *\|(?: (.*?))? *\|$", re.MULTILINE)


def load_model(service):
    return json.loads((ROOT / f"src/api/models/{service}.json").read_text())


MODELS = {service: load_model(service) for service in TARGETS}


def input_members(service, operation):
    """Names of the operation's parameters, and of their shapes."""
    model = MODELS[service]
    return model["shapes"][model["operations"][operation]]["members"]


def sample(service, shape_name, hint="x"):
    """A value that meets every constraint of the shape."""
    shapes = MODELS[service]["shapes"]
    shape = shapes[shape_name]
    kind = shape["type"]
    if kind == "structure":
        required = shape.get("required", [])
        return {name: sample(service, shape["members"][name], name) for name in required}
    if kind == "list":
        return [sample(service, shape["member"])] * max(1, shape.get("min", 0))
    if kind == "map":
        return {hint: sample(service, shape["value"])}
    if kind == "boolean":
        return True
    if kind in ("integer", "long", "double", "timestamp"):
        return max(1, shape.get("min", 1))
    if "enum" in shape:
        return shape["enum"][0]
    return "x" * max(4, shape.get("min", 0))


@dataclasses.dataclass
class Row:
    service: str
    operation: str
    parameters: list
    answer: str  # yes, partly or no
    remark: str


def read_compatibility(text):
    """Every row of every table with an answer, under the headings of SECTIONS."""
    rows = []
    for section in re.split(r"^## ", text, flags=re.MULTILINE):
        service = SECTIONS.get(section.partition("\n")[0])
        operation = None
        for first, parameters, answer, remark in ROW.findall(section) if service else ():
            if answer in ("yes", "partly", "no"):
                operation = first or operation
                names = [name for name in re.split(r"[, ]+", parameters) if name]
                rows.append(Row(service, operation, names, answer, remark or ""))
    return rows


COMPATIBILITY = read_compatibility((ROOT / "docs/compatibility.md").read_text())
