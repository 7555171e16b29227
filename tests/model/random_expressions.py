"""Random conditions and updates that are well formed and often do something to the item at hand."""

from conditions import Between, Comparison, Function, In, Junction, Literal, Not, Path, Size
from paths import can_stand_together, look_up
from random_values import INNER_NAMES, NAMES, random_set, random_value
from updates import Add, Arithmetic, Delete, IfNotExists, ListAppend, Remove, Set, Update
from values import normalised, ordinal, type_of

TYPES = ("S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M")


def literal(value):
    return Literal(value, normalised(value))


class RandomExpressions:
    def __init__(self, random):
        self.random = random

    def path(self, item, steps_max=3):
        """A path that mostly follows what is in `item`."""
        random = self.random
        present = [name for name in item if name in NAMES]
        path = (random.choice(present if present and random.random() < 0.75 else NAMES),)
        while len(path) < steps_max:
            value = look_up(item, path)
            kind = type_of(value) if value else "S"
            if kind == "L" and random.random() < 0.6:
                path += (random.randint(0, len(value["L"]) + 1),)
            elif kind == "M" and random.random() < 0.6:
                path += (random.choice(INNER_NAMES),)
            elif random.random() < 0.02:
                path += (random.choice((0, "a")),)
            else:
                break
        return path

    def other_path(self, item, path):
        other = self.path(item)
        return other if other != path else ("alpha" if path != ("alpha",) else "1st",)

    # Conditions

    def condition(self, item, levels=2):
        random = self.random
        if levels and random.random() < 0.5:
            if random.random() < 0.3:
                return Not(self.condition(item, levels - 1))
            return Junction(random.choice(("AND", "OR")), self.condition(item, levels - 1),
                            self.condition(item, levels - 1))
        return random.choice((self.comparison, self.comparison, self.between, self.choice,
                              self.function, self.function))(item)

    def operand(self, item):
        make = Size if self.random.random() < 0.2 else Path
        return make(self.path(item))

    def likely_value(self, item, operand, kinds=None):
        """A literal that is often what the operand is."""
        value = operand.value(item)
        if value is not None and self.random.random() < 0.5:
            if kinds is None or type_of(value) in kinds:
                return literal(value)
        return literal(random_value(self.random, kinds, levels=1))

    def comparison(self, item):
        left = self.operand(item)
        operator = self.random.choice(("=", "<>", "<", "<=", ">", ">="))
        if self.random.random() < 0.2:
            return Comparison(left, operator, Path(self.other_path(item, left.path)))
        scalars = None if operator in ("=", "<>") else ("S", "N", "B")
        right = self.likely_value(item, left, scalars)
        pair = (left, right) if self.random.random() < 0.8 else (right, left)
        return Comparison(pair[0], operator, pair[1])

    def between(self, item):
        operand = self.operand(item)
        low = self.likely_value(item, operand, ("S", "N", "B"))
        kind = type_of(low.meant)
        high = literal(random_value(self.random, (kind,)))
        if ordinal(high.meant) < ordinal(low.meant):
            low, high = high, low
        if self.random.random() < 0.1:
            return Between(operand, Path(self.other_path(item, operand.path)), high)
        return Between(operand, low, high)

    def choice(self, item):
        operand = self.operand(item)
        choices = [self.likely_value(item, operand) for _ in range(self.random.randint(1, 4))]
        if self.random.random() < 0.2:
            choices.append(Path(self.other_path(item, operand.path)))
        return In(operand, choices)

    def function(self, item):
        random = self.random
        path = self.path(item)
        name = random.choice(("attribute_exists", "attribute_not_exists", "attribute_type",
                              "begins_with", "contains"))
        if name == "attribute_type":
            return Function(name, path, literal({"S": random.choice(TYPES)}))
        if name == "begins_with":
            return Function(name, path, self.likely_value(item, Path(path), ("S", "B")))
        if name == "contains":
            return Function(name, path, self.likely_member(look_up(item, path)))
        return Function(name, path)

    def likely_member(self, value):
        kind = type_of(value) if value else None
        if kind == "L" and value["L"] and self.random.random() < 0.6:
            member = self.random.choice(value["L"])
            if type_of(member) not in ("SS", "NS", "BS", "M"):
                return literal(member)
        if kind in ("SS", "NS", "BS") and self.random.random() < 0.6:
            return literal({kind[0]: self.random.choice(value[kind])})
        return literal(random_value(self.random, ("S", "N", "B")))

    # Updates

    def update(self, item):
        actions = []
        for _ in range(self.random.choice((1, 1, 2, 3, 5))):
            path = self.path(item)
            if all(can_stand_together(path, action.path) for action in actions):
                actions.append(self.action(item, path))
        return Update(actions)

    def action(self, item, path):
        random = self.random
        value = look_up(item, path)
        kind = type_of(value) if value else None
        if kind in ("SS", "NS", "BS") and random.random() < 0.7:
            make = random.choice((Add, Delete))
            return make(path, self.set_literal(kind, value[kind]))
        chance = random.random()
        if chance < 0.2:
            return Remove(path)
        if chance < 0.4:
            kinds = ("N",) if kind == "N" or random.random() < 0.5 else ("N", "SS", "NS", "BS")
            return Add(path, literal(random_value(random, kinds)))
        if chance < 0.43:
            return Delete(path, self.set_literal(random.choice(("SS", "NS", "BS")), []))
        return Set(path, self.set_operand(item, path, kind))

    def set_literal(self, kind, members):
        if members and self.random.random() < 0.6:
            chosen = self.random.sample(members, self.random.randint(1, len(members)))
            return literal({kind: chosen})
        return literal(random_set(self.random, kind[0]))

    def set_operand(self, item, path, kind):
        random = self.random
        chance = random.random()
        if kind == "N" and chance < 0.5:
            return Arithmetic(Path(path), random.choice("+-"), self.number(item))
        if kind == "L" and chance < 0.5:
            pair = [Path(path), literal(random_value(random, ("L",), levels=1))]
            random.shuffle(pair)
            return ListAppend(*pair)
        if chance < 0.6:
            return literal(random_value(random))
        if chance < 0.7:
            return Path(self.path(item))
        if chance < 0.85:
            return IfNotExists(self.path(item), literal(random_value(random)))
        if chance < 0.95:
            return Arithmetic(self.number(item), random.choice("+-"), self.number(item))
        absent = IfNotExists(self.path(item), literal({"L": []}))
        return ListAppend(absent, literal(random_value(random, ("L",), levels=1)))

    def number(self, item):
        chance = self.random.random()
        if chance < 0.6:
            return literal(random_value(self.random, ("N",)))
        if chance < 0.8:
            return Path(self.path(item))
        return IfNotExists(self.path(item), literal(random_value(self.random, ("N",))))
