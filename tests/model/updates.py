"""Update expressions as trees: `write` gives their text, `apply` the item after them.

Every right side reads the item as it was. Which of several errors is told is not laid down, so
`apply` gathers all.
"""

import copy
from dataclasses import dataclass

from conditions import Literal, Path
from paths import in_document_order, look_up
from values import NumberError, add_numbers, type_of

MISSING = "The provided expression refers to an attribute that does not exist in the item"
WRONG_TYPE = "An operand in the update expression has an incorrect data type"
WRONG_PATH = "The document path provided in the update expression is invalid for update"
REMOVED = None


class UpdateError(Exception):
    """Its arguments are the messages that may be told."""


def evaluate(operand, item):
    if isinstance(operand, (Path, Literal)):
        value = operand.value(item)
        if value is None:
            raise UpdateError(MISSING)
        return value
    return operand.evaluate(item)


def evaluate_both(left, right, kind, item):
    """What both operands hold, of a type that is `kind`."""
    contents, messages = [], set()
    for operand in (left, right):
        try:
            value = evaluate(operand, item)
            contents.append(value.get(kind))
            if type_of(value) != kind:
                messages.add(WRONG_TYPE)
        except (UpdateError, NumberError) as error:
            messages.update(error.args)
    if messages:
        raise UpdateError(*messages)
    return contents


@dataclass
class IfNotExists:
    path: tuple
    otherwise: object

    def write(self, placeholders):
        path = placeholders.path(self.path)
        return f"if_not_exists({path}, {self.otherwise.write(placeholders)})"

    def evaluate(self, item):
        value = look_up(item, self.path)
        return evaluate(self.otherwise, item) if value is None else value


@dataclass
class ListAppend:
    left: object
    right: object

    def write(self, placeholders):
        return f"list_append({self.left.write(placeholders)}, {self.right.write(placeholders)})"

    def evaluate(self, item):
        left, right = evaluate_both(self.left, self.right, "L", item)
        return {"L": left + right}


@dataclass
class Arithmetic:
    left: object
    operator: str
    right: object

    def write(self, placeholders):
        return f"{self.left.write(placeholders)} {self.operator} {self.right.write(placeholders)}"

    def evaluate(self, item):
        left, right = evaluate_both(self.left, self.right, "N", item)
        return {"N": add_numbers(left, right, 1 if self.operator == "+" else -1)}


@dataclass
class Set:
    path: tuple
    operand: object

    def write(self, placeholders):
        return f"{placeholders.path(self.path)} = {self.operand.write(placeholders)}"

    def result(self, item):
        return evaluate(self.operand, item)


@dataclass
class Remove:
    path: tuple

    def write(self, placeholders):
        return placeholders.path(self.path)

    def result(self, _):
        return REMOVED


@dataclass
class Add:
    path: tuple
    literal: Literal

    def write(self, placeholders):
        return f"{placeholders.path(self.path)} {self.literal.write(placeholders)}"

    def result(self, item):
        before, added = look_up(item, self.path), self.literal.meant
        if before is None:
            return added
        (kind, content), = added.items()
        if type_of(before) != kind:
            raise UpdateError(WRONG_TYPE)
        if kind == "N":
            return {"N": add_numbers(before["N"], content)}
        return {kind: sorted({*before[kind], *content})}


@dataclass
class Delete:
    path: tuple
    literal: Literal

    def write(self, placeholders):
        return f"{placeholders.path(self.path)} {self.literal.write(placeholders)}"

    def result(self, item):
        before, (kind, content) = look_up(item, self.path), *self.literal.meant.items()
        if before is None:
            return REMOVED
        if type_of(before) != kind:
            raise UpdateError(WRONG_TYPE)
        rest = sorted({*before[kind]} - {*content})
        return {kind: rest} if rest else REMOVED


CLAUSES = {Set: "SET", Remove: "REMOVE", Add: "ADD", Delete: "DELETE"}


@dataclass
class Update:
    actions: list

    @property
    def paths(self):
        return [action.path for action in self.actions]

    @property
    def makes_items(self):
        """Taking away from an item that is not there does nothing, wherever the paths lead."""
        return any(isinstance(action, (Set, Add)) for action in self.actions)

    def write(self, placeholders):
        clauses = []
        for kind in dict.fromkeys(type(action) for action in self.actions):
            written = [a.write(placeholders) for a in self.actions if isinstance(a, kind)]
            clauses.append(f"{CLAUSES[kind]} {', '.join(written)}")
        return " ".join(clauses)

    def apply(self, item):
        """The item after it, and the set of all error messages that may be told instead."""
        errors = set()
        written, removed = [], []
        for action in self.actions:
            try:
                if not has_place(item, action.path):
                    errors.add(WRONG_PATH)
                result = action.result(item)
                (removed if result is REMOVED else written).append((action.path, result))
            except (UpdateError, NumberError) as error:
                errors.update(error.args)
        if errors:
            return None, errors
        after = copy.deepcopy(item)
        removed = [path for path, _ in removed if look_up(item, path) is not None]
        for path, value in sorted(written, key=lambda pair: in_document_order(pair[0])):
            put_at(after, path, copy.deepcopy(value))
        for path in sorted(removed, key=in_document_order, reverse=True):
            remove_at(after, path)
        return after, errors


def has_place(item, path):
    """Whether the container that `path` ends in is there, and of the right kind."""
    parent = {"M": item} if len(path) == 1 else look_up(item, path[:-1])
    return parent is not None and type_of(parent) == ("L" if isinstance(path[-1], int) else "M")


def container_of(item, path):
    return item if len(path) == 1 else next(iter(look_up(item, path[:-1]).values()))


def put_at(item, path, value):
    container = container_of(item, path)
    if isinstance(path[-1], int) and path[-1] >= len(container):
        container.append(value)
    else:
        container[path[-1]] = value


def remove_at(item, path):
    del container_of(item, path)[path[-1]]
