"""Random attribute values of all ten types, in the forms a client may send them."""

import base64
import decimal

from values import normalised, number_text

NAMES = ["alpha", "beta_2", "gammaRay", "name", "count", "x.y", "größe", "1st", "a b"]
INNER_NAMES = ["a", "b", "list", "c.d"]
STRINGS = ["", "a", "ab", "abc", "b", "ä", "\U0001f600", "quo\"te\\", "line\n\u0000", "z" * 40]
BYTES = [b"", b"\x00", b"\x00\xff", b"\x7f", b"a", b"ab", bytes(range(60))]
NUMBERS = ["0", "-0", "1", "1.0", "10e-1", "-1", "2", "+3", "0.5", "-12.5", "100", "1e2", "12.345",
           "1E-130", "-1E-130", "9.9999999999999999999999999999999999999E+125", "1e38", "1E+125",
           "12345678901234567890123456789012345678", "-0.00000000000000000000000000000000000001",
           "0.12345678901234567890123456789012345678", "99999999999999999999999999999999999999"]


def random_number(random):
    """Number text; small numbers often, so that they meet again."""
    chance = random.random()
    if chance < 0.5:
        return str(random.randint(-5, 20))
    if chance < 0.8:
        return random.choice(NUMBERS)
    digits = random.randint(1, 10 ** random.randint(1, 38) - 1)
    number = decimal.Decimal(random.choice((1, -1)) * digits)
    exponent = random.choice((0, 0, -1, -2, -7, 3, random.randint(-130, 80)))
    number = number.scaleb(exponent, decimal.Context(prec=40))
    if number.adjusted() < -130:
        return "7"
    return random.choice((str(number), number_text(number), f"{digits}e{exponent}"))


def base64_text(data):
    return base64.b64encode(data).decode()


def random_bytes(random):
    data = random.choice(BYTES) if random.random() < 0.8 else random.randbytes(random.randint(1, 9))
    return base64_text(data)


def random_string(random):
    if random.random() < 0.8:
        return random.choice(STRINGS)
    return "".join(random.choices("abé \U0001f600", k=random.randint(1, 30)))


def random_set(random, kind):
    """One to five members that differ by value."""
    make = {"S": random_string, "N": random_number, "B": random_bytes}[kind]
    members = {}
    for _ in range(random.randint(1, 5)):
        member = make(random)
        members.setdefault(normalised({kind: member})[kind], member)
    return {kind + "S": list(members.values())}


def random_value(random, kinds=None, levels=3):
    kinds = kinds or ("S", "N", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M")
    if levels == 0:
        kinds = [kind for kind in kinds if kind not in ("L", "M")] or ["S"]
    kind = random.choice(list(kinds))
    if kind == "S":
        return {kind: random_string(random)}
    if kind == "N":
        return {kind: random_number(random)}
    if kind == "B":
        return {kind: random_bytes(random)}
    if kind == "BOOL":
        return {kind: random.random() < 0.5}
    if kind == "NULL":
        return {kind: True}
    if kind == "L":
        return {kind: [random_value(random, levels=levels - 1)
                       for _ in range(random.choice((0, 1, 2, 3, 5)))]}
    if kind == "M":
        names = random.sample(INNER_NAMES, random.randint(0, len(INNER_NAMES)))
        return {kind: {name: random_value(random, levels=levels - 1) for name in names}}
    return random_set(random, kind[0])


def random_attributes(random):
    names = random.sample(NAMES, random.choice((0, 1, 2, 3, 5, len(NAMES))))
    return {name: random_value(random) for name in names}


KEY_POOLS = {
    "S": ["k", "key", "k\u0000", "schlüssel", "\U0001f600"],
    "N": ["1", "1.0", "-1", "0", "10e-1", "2.50", "123456789012345678901234567890.12345678"],
    "B": [base64_text(data) for data in (b"\x00", b"\x00\x00", b"\xff", b"k")],
}


def random_key(random, keys):
    """One of few keys of a table, so that operations meet on it."""
    return {name: {kind: random.choice(KEY_POOLS[kind])} for name, kind in keys}
