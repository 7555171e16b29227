"""How a case file is written.

    // a remark
    table books id:S at:N        makes a table with these keys, and "stream" for a stream
    PutItem {"TableName": "books",      an operation and its input, on as many lines as it takes
      "Item": {"id": {"S": "<a*2048>"}, "at": {"N": "1"}}}
    => {}                        the whole answer

What may stand behind the arrow:

    => {"Count": 2}              the whole answer, as JSON
    => has {"Count": 2}          an answer with at least these members
    => ok                        any answer but an error
    => ValidationException ...   an error and its whole message, or the beginning of it before "..."

`<text*N>` in a string, also in a message, is the text N times. As data grows, so does its notation:

    [{"<3 times>": V}]           V three times in the list; in its strings <i> is 0, 1, 2
    {"<3 times>": {"k<i>": V}}   the members k0, k1 and k2
    {"<3 lists>": V}             V in {"L": [{"L": [{"L": [V]}]}]}; "maps" likewise, under "k"

`$Name` as a whole string is the last value that an answer had under that name.
"""

import dataclasses
import json
import re

REPEATED = re.compile(r"<([^<>*]*)\*(\d+)>")
GROWN = re.compile(r"<(\d+) (times|lists|maps)>")


class CaseError(Exception):
    """A line that is no case, with its number."""


@dataclasses.dataclass
class Case:
    line: int
    operation: str
    body: object
    expected: str


def repeated(text):
    return REPEATED.sub(lambda match: match[1] * int(match[2]), text)


def numbered(value, index):
    """`value` with the index for <i> in every string of it."""
    return json.loads(json.dumps(value).replace("<i>", str(index)))


def grown(kind, count, value):
    if kind == "times":
        return [numbered(value, index) for index in range(count)]
    value = expanded(value)
    for _ in range(count):
        value = {"L": [value]} if kind == "lists" else {"M": {"k": value}}
    return value


def growth_of(value):
    """Count, kind and content of {"<3 times>": content}, or None."""
    if isinstance(value, dict) and len(value) == 1:
        name, content = next(iter(value.items()))
        match = GROWN.fullmatch(name)
        if match:
            return int(match[1]), match[2], content
    return None


def expanded(value):
    """JSON with every notation of above written out, except $Name."""
    if isinstance(value, str):
        return repeated(value)
    if isinstance(value, list):
        members = []
        for member in value:
            growth = growth_of(member)
            if growth and growth[1] == "times":
                members += [expanded(copy) for copy in grown("times", growth[0], growth[2])]
            else:
                members.append(expanded(member))
        return members
    if isinstance(value, dict):
        growth = growth_of(value)
        if growth and growth[1] != "times":
            return grown(growth[1], growth[0], growth[2])
        members = {}
        for name, member in value.items():
            match = GROWN.fullmatch(name)
            copies = grown("times", int(match[1]), member) if match else [{name: member}]
            for copy in copies:
                members.update({repeated(key): expanded(inner) for key, inner in copy.items()})
        return members
    return value


def parse_case(number, text, expected):
    operation, _, body = text.partition(" ")
    try:
        return Case(number, operation, expanded(json.loads(body or "{}")), expected)
    except ValueError as error:
        raise CaseError(f"{number}: {operation}: {error}") from error


def parse_table(number, text):
    _, name, *words = text.split(" ")
    keys = [word.split(":") for word in words if ":" in word]
    body = {"TableName": name, "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": n, "AttributeType": t} for n, t in keys],
            "KeySchema": [{"AttributeName": n, "KeyType": kind}
                          for (n, _), kind in zip(keys, ("HASH", "RANGE"))]}
    if "stream" in words:
        body["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    return Case(number, "CreateTable", body, "ok")


def read_cases(text):
    """Every case of a file, in order, tables among them."""
    begun = None  # line and text of a request whose arrow is still to come
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("//"):
            continue
        if begun is None and line.startswith("table "):
            yield parse_table(number, line)
        elif line.startswith("=> "):
            if begun is None:
                raise CaseError(f"{number}: there is no request before this")
            yield parse_case(*begun, line[3:])
            begun = None
        else:
            begun = (begun[0], f"{begun[1]} {line}") if begun else (number, line)
    if begun:
        raise CaseError(f"{begun[0]}: nothing says what is expected")
