"""Document paths: tuples of attribute names and list indexes, the first a name."""

import re

PLAIN = re.compile(r"^[a-z][A-Za-z0-9_]*$")
RESERVED = {"name", "status", "count", "list", "map"}  # of the names that tests use


class Placeholders:
    """Gathers ExpressionAttributeNames and -Values while expressions are written."""

    def __init__(self, random):
        self.random = random
        self.names = {}
        self.values = {}

    def name(self, name):
        if PLAIN.match(name) and name.lower() not in RESERVED and self.random.random() < 0.5:
            return name
        for known, meant in self.names.items():
            if meant == name:
                return known
        self.names[f"#n{len(self.names)}"] = name
        return f"#n{len(self.names) - 1}"

    def value(self, value):
        self.values[f":v{len(self.values)}"] = value
        return f":v{len(self.values) - 1}"

    def path(self, path):
        steps = [f"[{step}]" if isinstance(step, int) else "." + self.name(step) for step in path]
        return "".join(steps)[1:]

    def add_to(self, request):
        if self.names:
            request["ExpressionAttributeNames"] = self.names
        if self.values:
            request["ExpressionAttributeValues"] = self.values


def look_up(item, path):
    """The value at `path`, or None."""
    value = {"M": item}
    for step in path:
        container = value.get("L" if isinstance(step, int) else "M")
        if container is None:
            return None
        if isinstance(step, int):
            if step >= len(container):
                return None
        elif step not in container:
            return None
        value = container[step]
    return value


def can_stand_together(one, other):
    """Whether an expression may hold both: neither overlaps nor conflicts with the other."""
    for left, right in zip(one, other):
        if left != right:
            return isinstance(left, int) == isinstance(right, int)
    return False


def in_document_order(path):
    return [(isinstance(step, int), step) for step in path]


def project(item, paths):
    """Only what the paths name; elements of a list close up."""
    return _project({"M": item}, sorted(paths, key=in_document_order)).get("M", {})


def _project(value, paths):
    """`value` with only what `paths` name of it; {} when that is nothing."""
    if () in paths:
        return value
    (kind, content), = value.items()
    found = {}
    for step in dict.fromkeys(path[0] for path in paths):
        if look_up_step(kind, content, step) is None:
            continue
        inner = _project(content[step], [path[1:] for path in paths if path[0] == step])
        if inner:
            found[step] = inner
    if not found:
        return {}
    return {"L": [found[index] for index in sorted(found)]} if kind == "L" else {"M": found}


def look_up_step(kind, content, step):
    if isinstance(step, int):
        return content[step] if kind == "L" and step < len(content) else None
    return content.get(step) if kind == "M" else None
