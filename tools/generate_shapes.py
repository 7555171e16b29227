#!/usr/bin/env python3
"""Writes the C++ tables behind src/api/shapes.h from API models: generate_shapes.py OUT.cc MODEL.json..."""

import json
import pathlib
import re
import sys

SCALAR_CLASSES = {
    "string": "java.lang.String",
    "blob": "java.nio.ByteBuffer",
    "boolean": "java.lang.Boolean",
    "integer": "java.lang.Integer",
    "long": "java.lang.Long",
    "double": "java.lang.Double",
    "timestamp": "java.util.Date",
}
PACKAGE = "com.amazonaws.dynamodb.v20120810."
CONSTRAINTS = ("min", "max", "pattern", "enum", "required", "required_parameters", "unless_arn", "key")


def quoted(text):
    return json.dumps(text)


def class_name(shapes, name):
    shape = shapes[name]
    if shape["type"] == "structure":
        return PACKAGE + name
    if shape["type"] == "list":
        return f"java.util.List<{class_name(shapes, shape['member'])}>"
    if shape["type"] == "map":
        return f"java.util.Map<java.lang.String, {class_name(shapes, shape['value'])}>"
    return SCALAR_CLASSES[shape["type"]]


def references(shape):
    names = list(shape.get("members", {}).values())
    names += [shape[key] for key in ("member", "key", "value") if key in shape]
    return names


def constrained_shapes(shapes):
    found = {name for name, shape in shapes.items() if any(key in shape for key in CONSTRAINTS)}
    while True:
        more = {name for name, shape in shapes.items()
                if name not in found and any(ref in found for ref in references(shape))}
        if not more:
            return found
        found |= more


def pattern_fields(shape):
    """The fields of a Pattern: one repeated character class as a table, the others for RE2."""
    pattern = shape["pattern"]
    match = re.fullmatch(r"\^?(\[(?:\\.|[^\]\\])*\])(\+|\*|\{(\d+)\})\$?|\^?(\[(?:\\.|[^\]\\])*\])\$?", pattern)
    if not match or "expression" in shape:
        expression = shape.get("expression", pattern)
        return f"{quoted(pattern)}, {{0, 0}}, false, 0, SIZE_MAX, {quoted(expression)}"
    character_class = match[1] or match[4]
    quantifier = match[2] or "{1}"
    counts = {"+": ("1", "SIZE_MAX"), "*": ("0", "SIZE_MAX")}.get(
        quantifier, (match[3] or "1", match[3] or "1"))
    compiled = re.compile(character_class, re.ASCII)  # as Java's
    bits = sum(1 << code for code in range(128) if compiled.fullmatch(chr(code)))
    other = "true" if compiled.fullmatch("\u00e9") else "false"
    low, high = bits & (2**64 - 1), bits >> 64
    return f"{quoted(pattern)}, {{{low:#x}u, {high:#x}u}}, {other}, {counts[0]}, {counts[1]}, {{}}"


def limit(shape, key, absent):
    return f"INT64_C({shape[key]})" if key in shape else absent


def presence(shape, member):
    if member in shape.get("required_parameters", []):
        return "Presence::kRequiredParameter"
    return "Presence::kRequired" if member in shape.get("required", []) else "Presence::kOptional"


def tables(service, model):
    shapes = model["shapes"]
    names = sorted(shapes)
    constrained = constrained_shapes(shapes)
    array = f"{service}_shapes"

    def pointer(name):
        return f"&{array}[{names.index(name)}]" if name else "nullptr"

    side_tables, rows = [], []
    for name in names:
        shape = shapes[name]
        pattern, enumeration, members = "nullptr", "{}", "{}"
        if "pattern" in shape:
            pattern = f"&{service}_{name}_pattern"
            side_tables.append(f"constexpr Pattern {pattern[1:]} = {{{pattern_fields(shape)}}};")
        if "enum" in shape:
            enumeration = f"{service}_{name}_enumeration"
            values = ", ".join(quoted(value) for value in shape["enum"])
            side_tables.append(f"constexpr std::string_view {enumeration}[] = {{{values}}};")
        if shape.get("members"):
            members = f"{service}_{name}_members"
            fields = ",\n    ".join(f"{{{quoted(member)}, {pointer(target)}, {presence(shape, member)}}}"
                                    for member, target in shape["members"].items())
            side_tables.append(f"constexpr Member {members}[] = {{\n    {fields}}};")
        rows.append(
            f"    {{{quoted(name)}, {quoted(class_name(shapes, name))}, ShapeType::k{shape['type'].capitalize()}, "
            f"{'true' if name in constrained else 'false'}, {limit(shape, 'min', 'kNoMinimum')}, "
            f"{limit(shape, 'max', 'kNoMaximum')}, {pattern}, {pointer(shape.get('unless_arn'))}, "
            f"{pointer(shape.get('key'))}, {pointer(shape.get('member') or shape.get('value'))}, "
            f"{enumeration}, {members}}},")
    return "\n".join(
        [f"extern const Shape {array}[{len(names)}];", "namespace {", *side_tables, "}  // namespace",
         f"constinit const Shape {array}[{len(names)}] = {{", *rows, "};", ""])


def bound_members(shape, bindings):
    return [(wire_name, member, shape["members"][member]) for wire_name, member in bindings.items()]


def rest_bindings(service, model):
    """The table of the operations that are bound to HTTP methods and paths."""
    shapes = model["shapes"]
    names = sorted(shapes)
    side_tables, rows = [], []
    for operation, http in model["operations"].items():
        if isinstance(http, str):
            continue
        shape = shapes[http["input"]]
        labels = re.findall(r"{(\w+)}", http["uri"])
        assert sorted(labels) == sorted(shape.get("path", [])), operation
        spans = []
        for kind, bindings in (("path", {label: label for label in labels}),
                               ("query", shape.get("query", {})), ("headers", shape.get("headers", {}))):
            fields = ", ".join(
                f"{{{quoted(wire_name)}, {quoted(member)}, &{service}_shapes[{names.index(target)}]}}"
                for wire_name, member, target in bound_members(shape, bindings))
            name = f"{service}_{operation}_{kind}"
            spans.append(name if fields else "{}")
            if fields:
                side_tables.append(f"constexpr BoundMember {name}[] = {{{fields}}};")
        rows.append(f"    {{{quoted(operation)}, {quoted(http['method'])}, {quoted(http['uri'])}, "
                    f"{http['status']}, &{service}_shapes[{names.index(http['input'])}], "
                    f"{', '.join(spans)}, {quoted(shape.get('payload', ''))}}},")
    if not rows:
        return ""
    return "\n".join(["namespace {", *side_tables, f"constexpr RestBinding {service}_rest[] = {{", *rows,
                      "};", "}  // namespace", ""])


def main():
    out, models = sys.argv[1], [pathlib.Path(path) for path in sys.argv[2:]]
    text = ['// Generated by tools/generate_shapes.py.', '#include "api/shape_tables.h"', "",
            "namespace millrace::api {", ""]
    services = []
    for path in models:
        model = json.loads(path.read_text())
        rest = rest_bindings(path.stem, model)
        text += [tables(path.stem, model), rest]
        services.append(f"{{{quoted(path.stem)}, {path.stem}_shapes, {path.stem + '_rest' if rest else '{}'}}}")
    services = ", ".join(services)
    text += [f"namespace {{\nconstexpr ServiceShapes kServices[] = {{{services}}};\n}}  // namespace",
             "std::span<const ServiceShapes> service_shapes() { return kServices; }", "",
             "}  // namespace millrace::api", ""]
    pathlib.Path(out).write_text("\n".join(text))


if __name__ == "__main__":
    main()
