"""Makes files part of the program: embed_files.py OUT HEADER NAMESPACE NAME=PATH...

Writes a source that includes HEADER and defines each `const std::string_view NAME` as the bytes of
the file.
"""

import pathlib
import sys

LINE_BYTES = 64


def literal(data):
    lines = [data[i:i + LINE_BYTES] for i in range(0, len(data), LINE_BYTES)] or [b""]
    return "\n".join('    "' + "".join(f"\\{byte:03o}" for byte in line) + '"' for line in lines)


def main():
    out, header, namespace, *files = sys.argv[1:]
    parts = [f'#include "{header}"\n\nnamespace {namespace} {{\n']
    for file in files:
        name, _, path = file.partition("=")
        data = pathlib.Path(path).read_bytes()
        parts.append(f"const std::string_view {name}(\n{literal(data)},\n    {len(data)});\n")
    parts.append(f"}}  // namespace {namespace}\n")
    pathlib.Path(out).write_text("\n".join(parts))


if __name__ == "__main__":
    main()
