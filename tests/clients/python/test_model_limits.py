"""Every length, range, pattern and enumeration of the API models: at its edge, and one past it."""

import copy

import pytest

from api_models import COMPATIBILITY, MODELS, TARGETS, sample
from server import Server
from wire import call

ANSWERED = {(row.service, row.operation) for row in COMPATIBILITY if row.answer != "no"}
BROKEN = "failed to satisfy constraint"


@pytest.fixture(scope="module")
def server():
    """Requests at the edge may do what they say, so these have a server of their own."""
    with Server("--memory") as running:
        yield running


def text_of(shape, length):
    return ("arn:" + "x" * (length - 4) if "unless_arn" in shape and length > 4 else "x" * length)


def measured(service, shape, size):
    """A value of that length, or that number."""
    if shape["type"] in ("integer", "long"):
        return size
    if shape["type"] == "list":
        return [sample(service, shape["member"])] * size
    if shape["type"] == "map":
        return {f"name-{index}": sample(service, shape["value"]) for index in range(size)}
    return text_of(shape, size)


def edges(service, name):
    """(value, words of the violation or None when it is allowed) for every constraint."""
    shape = MODELS[service]["shapes"][name]
    word = "value" if shape["type"] in ("integer", "long") else "length"
    for bound, past, words in (("min", -1, "greater"), ("max", 1, "less")):
        if bound in shape:
            limit = shape[bound]
            # What is no ARN has the limits of a name, too, which are narrower.
            if "unless_arn" not in shape or bound == "max":
                yield measured(service, shape, limit), None
            if word == "value" or limit + past >= 0:
                yield (measured(service, shape, limit + past),
                       f"{word} {words} than or equal to {limit}")
    if "pattern" in shape:
        # No pattern takes all of these characters.
        yield "!:*?" * max(1, shape.get("min", 0) // 4 + 1), "Member must satisfy regular expression pattern"
    for value in shape.get("enum", []):
        yield value, None
    if "enum" in shape:
        yield "NOT_" + shape["enum"][0], "Member must satisfy enum value set"
    for member in shape.get("required", []):
        value = sample(service, name)
        del value[member]
        worded_apart = member in shape.get("required_parameters", [])
        yield value, "is required but was not present" if worded_apart else "Member must not be null"


def places(service, name, put, seen=()):
    """(shape, function that makes a request of a value for it) of all that lies in `name`."""
    shape = MODELS[service]["shapes"][name]
    yield name, put
    if "unless_arn" in shape:
        yield from places(service, shape["unless_arn"], put, seen)
    if name in seen:
        return
    seen = (*seen, name)
    if shape["type"] == "structure":
        for member, member_shape in shape["members"].items():
            def put_member(value, member=member):
                return put({**sample(service, name), member: value})
            yield from places(service, member_shape, put_member, seen)
    elif shape["type"] == "list":
        yield from places(service, shape["member"], lambda value: put([value]), seen)
    elif shape["type"] == "map":
        yield from places(service, shape["value"], lambda value: put({"name": value}), seen)


def cases():
    for service, model in MODELS.items():
        for operation, input_name in model["operations"].items():
            if (service, operation) not in ANSWERED:
                continue
            for name, put in places(service, input_name, copy.deepcopy):
                for number, (value, violation) in enumerate(edges(service, name)):
                    label = f"{service}-{operation}-{name}-{number}"
                    yield pytest.param(service, operation, put(value), violation, id=label)


@pytest.mark.parametrize("service, operation, body, violation", cases())
def test_edge(server, service, operation, body, violation):
    answer = call(server, operation, body, service=TARGETS[service])
    text = answer.body.decode()
    assert answer.status in (200, 400)
    if violation is None:
        assert BROKEN not in text
    else:
        assert violation in text
