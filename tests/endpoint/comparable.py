"""Attribute values as received, in a form that is equal when the values are."""

SETS = ("SS", "NS", "BS")


def comparable(value):
    """Sets sorted; numbers stay as they are written."""
    (kind, content), = value.items()
    if kind in SETS:
        return {kind: sorted(content)}
    if kind == "L":
        return {kind: [comparable(element) for element in content]}
    if kind == "M":
        return {kind: comparable_item(content)}
    return value


def comparable_item(item):
    if item is None:
        return None
    return {name: comparable(value) for name, value in item.items()}
