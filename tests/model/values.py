"""The rules of attribute values: numbers, equality, order, size.

Values are in the API's JSON form. Stored values are normalised, so that equal ones are ==: numbers
are written as the service writes them, sets are sorted.
"""

import base64
import decimal

DIGITS_MAX = 38
EXPONENT_MAX = 125
EXPONENT_MIN = -130
ITEM_BYTES_MAX = 400 * 1024
OVERFLOW = ("Number overflow. Attempting to store a number with magnitude larger than supported "
            "range")
UNDERFLOW = ("Number underflow. Attempting to store a number with magnitude smaller than supported "
             "range")
EXACT = decimal.Context(prec=DIGITS_MAX, Emax=999, Emin=-999, traps=[decimal.Inexact])
WIDE = decimal.Context(prec=400, Emax=999, Emin=-999)


class NumberError(Exception):
    pass


def number_text(number):
    if number == 0:
        return "0"
    return format(number.normalize(WIDE), "f")


def add_numbers(left, right, sign=1):
    """left + sign * right, of two texts. NumberError when it is no number of the service."""
    try:
        total = EXACT.add(decimal.Decimal(left), WIDE.multiply(decimal.Decimal(right), sign))
    except decimal.Inexact as error:
        raise NumberError(OVERFLOW) from error
    if total != 0 and total.adjusted() > EXPONENT_MAX:
        raise NumberError(OVERFLOW)
    if total != 0 and total.adjusted() < EXPONENT_MIN:
        raise NumberError(UNDERFLOW)
    return number_text(total)


def type_of(value):
    return next(iter(value))


def normalised(value):
    (kind, content), = value.items()
    if kind == "N":
        return {kind: number_text(decimal.Decimal(content))}
    if kind == "NS":
        return {kind: sorted(number_text(decimal.Decimal(member)) for member in content)}
    if kind in ("SS", "BS"):
        return {kind: sorted(content)}
    if kind == "L":
        return {kind: [normalised(element) for element in content]}
    if kind == "M":
        return {kind: normalised_item(content)}
    return value


def normalised_item(item):
    return {name: normalised(value) for name, value in item.items()}


def ordinal(value):
    """What N, S and B are ordered by; None of other types."""
    (kind, content), = value.items()
    if kind == "N":
        return decimal.Decimal(content)
    if kind == "S":
        return content.encode()
    return base64.b64decode(content) if kind == "B" else None


def number_size(text):
    """One byte for two digits, in pairs that are aligned at the point, one more, one for a sign."""
    number = decimal.Decimal(text).normalize(WIDE)
    if number == 0:
        return 1
    pairs = number.adjusted() // 2 - number.as_tuple().exponent // 2 + 1
    return pairs + 1 + (1 if number < 0 else 0)


def value_size(value):
    (kind, content), = value.items()
    if kind == "S":
        return len(content.encode())
    if kind == "B":
        return len(base64.b64decode(content))
    if kind == "N":
        return number_size(content)
    if kind in ("SS", "NS", "BS"):
        return sum(value_size({kind[0]: member}) for member in content)
    if kind == "L":
        return 3 + sum(1 + value_size(element) for element in content)
    if kind == "M":
        return 3 + len(content) + item_size(content)
    return 1  # BOOL, NULL


def item_size(item):
    return sum(len(name.encode()) + value_size(value) for name, value in item.items())


def depth(value):
    (kind, content), = value.items()
    inner = content if kind == "L" else content.values() if kind == "M" else ()
    return 1 + max(map(depth, inner), default=0)
