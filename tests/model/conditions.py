"""Condition expressions as trees: `write` gives their text, `holds` what they say of an item."""

import base64
from dataclasses import dataclass

from paths import look_up
from values import ordinal, type_of

SET_TYPES = {"SS": "S", "NS": "N", "BS": "B"}


@dataclass
class Path:
    path: tuple

    def write(self, placeholders):
        return placeholders.path(self.path)

    def value(self, item):
        return look_up(item, self.path)


@dataclass
class Literal:
    """`sent` is how it goes into the request, `meant` the same normalised."""

    sent: dict
    meant: dict

    def write(self, placeholders):
        return placeholders.value(self.sent)

    def value(self, _):
        return self.meant


@dataclass
class Size:
    path: tuple

    def write(self, placeholders):
        return f"size({placeholders.path(self.path)})"

    def value(self, item):
        value = look_up(item, self.path)
        if value is None:
            return None
        (kind, content), = value.items()
        if kind in ("N", "BOOL", "NULL"):
            return None
        if kind == "S":
            return {"N": str(len(content.encode("utf-16-le")) // 2)}  # the service counts UTF-16
        return {"N": str(len(base64.b64decode(content) if kind == "B" else content))}


@dataclass
class Comparison:
    left: object
    operator: str
    right: object

    def write(self, placeholders):
        return f"{self.left.write(placeholders)} {self.operator} {self.right.write(placeholders)}"

    def holds(self, item):
        return compare(self.left.value(item), self.operator, self.right.value(item))


def compare(left, operator, right):
    """What is missing is equal to nothing, and neither less nor greater."""
    if operator in ("=", "<>"):
        return (left is not None and left == right) == (operator == "=")
    if left is None or right is None or type_of(left) != type_of(right):
        return False
    one, other = ordinal(left), ordinal(right)
    if one is None:
        return False
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[operator]


@dataclass
class Between:
    operand: object
    low: object
    high: object

    def write(self, placeholders):
        operand, low, high = (o.write(placeholders) for o in (self.operand, self.low, self.high))
        return f"{operand} BETWEEN {low} AND {high}"

    def holds(self, item):
        value = self.operand.value(item)
        return (compare(value, ">=", self.low.value(item)) and
                compare(value, "<=", self.high.value(item)))


@dataclass
class In:
    operand: object
    choices: list

    def write(self, placeholders):
        operand = self.operand.write(placeholders)
        return f"{operand} IN ({', '.join(c.write(placeholders) for c in self.choices)})"

    def holds(self, item):
        value = self.operand.value(item)
        return any(compare(value, "=", choice.value(item)) for choice in self.choices)


@dataclass
class Function:
    name: str
    path: tuple
    operand: object = None

    def write(self, placeholders):
        arguments = placeholders.path(self.path)
        if self.operand is not None:
            arguments += f", {self.operand.write(placeholders)}"
        return f"{self.name}({arguments})"

    def holds(self, item):
        value = look_up(item, self.path)
        operand = self.operand.value(item) if self.operand else None
        return FUNCTIONS[self.name](value, operand)


def begins_with(value, prefix):
    if value is None or prefix is None or type_of(value) != type_of(prefix):
        return False
    return type_of(value) in ("S", "B") and ordinal(value).startswith(ordinal(prefix))


def contains(value, operand):
    if value is None or operand is None:
        return False
    kind, other = type_of(value), type_of(operand)
    if kind in ("S", "B"):
        return kind == other and ordinal(operand) in ordinal(value)
    if kind in SET_TYPES:
        return SET_TYPES[kind] == other and operand[other] in value[kind]
    return kind == "L" and operand in value["L"]


FUNCTIONS = {
    "attribute_exists": lambda value, _: value is not None,
    "attribute_not_exists": lambda value, _: value is None,
    "attribute_type": lambda value, name: value is not None and type_of(value) == name["S"],
    "begins_with": begins_with,
    "contains": contains,
}


@dataclass
class Not:
    inner: object

    def write(self, placeholders):
        text = self.inner.write(placeholders)
        return f"NOT ({text})" if isinstance(self.inner, Junction) else f"NOT {text}"

    def holds(self, item):
        return not self.inner.holds(item)


@dataclass
class Junction:
    operator: str  # AND or OR
    left: object
    right: object

    def write(self, placeholders):
        def side(node):
            text = node.write(placeholders)
            looser = isinstance(node, Junction) and node.operator == "OR"
            return f"({text})" if looser and self.operator == "AND" else text
        return f"{side(self.left)} {self.operator} {side(self.right)}"

    def holds(self, item):
        left, right = self.left.holds(item), self.right.holds(item)
        return left and right if self.operator == "AND" else left or right
