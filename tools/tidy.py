"""Runs clang-tidy over the sources of src/, tests excepted, in parallel: tidy.py [FILE...].

A file that was clean is not looked at again until its text, a header of the project that it
reaches, its compile command, .clang-tidy or a package changes. The others are looked at in groups
(tidy_groups.py): a clean group is of clean files, and one with findings is halved, down to the
files that have them.
"""

import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

import check_layers
import tidy_groups

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
BUILD = ROOT / "build" / "tidy"
CLEAN = BUILD / "clean"
TESTS = ("_test.cc", "_testing.cc")
TIDY = "clang-tidy-14"
# GCC warns of shadowing in every build; in a group it would be of another file's names.
GROUP_FLAGS = ["-Wno-shadow"]


def configure():
    """Writes compile_commands.json; clang cannot read GCC's precompiled headers, so without."""
    subprocess.run(["cmake", "-S", ROOT, "-B", BUILD, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                    "-DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON", "-DCMAKE_CXX_COMPILER_LAUNCHER="],
                   check=True, stdout=subprocess.DEVNULL)
    entries = json.loads((BUILD / "compile_commands.json").read_text())
    return {pathlib.Path(e["file"]): e for e in entries
            if pathlib.Path(e["file"]).is_relative_to(SOURCE) and not e["file"].endswith(TESTS)}


def reached_headers(file, known):
    """`file` and every header of the project that it reaches. `known` caches the direct ones."""
    reached, open_files = {file}, [file]
    while open_files:
        current = open_files.pop()
        if current not in known:
            known[current] = [SOURCE / path for _, path in
                              check_layers.includes_of(SOURCE, current)]
        for header in known[current]:
            if header not in reached and header.is_file():
                reached.add(header)
                open_files.append(header)
    return sorted(reached)


def key_of(file, entry, base, known):
    digest = hashlib.sha256(base)
    digest.update(entry["command"].encode())
    for path in reached_headers(file, known):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def base_key():
    """What every file depends on: the configuration, this program and the packages' versions."""
    packages = sorted({line.split()[1] for line in
                       (ROOT / "tools/packages.txt").read_text().splitlines()
                       if line.startswith(("build", "check"))})
    versions = subprocess.run(["dpkg-query", "-W", *packages], capture_output=True).stdout
    own = [ROOT / ".clang-tidy", *(pathlib.Path(m.__file__) for m in (sys.modules[__name__],
                                                                      tidy_groups))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in own) + versions).digest()


def flags_of(entry):
    """What its compile command says, but for the compiler and the files."""
    words = shlex.split(entry["command"])
    return words[1:words.index("-o")]


def run(file, flags):
    """None if the file is clean, or what there is to say."""
    command = [TIDY, "--quiet", "--extra-arg=-Wno-unknown-warning-option", file, "--", *flags]
    result = subprocess.run(command, capture_output=True, text=True)
    return None if result.returncode == 0 else result.stdout + result.stderr


def look(files, flags):
    """What there is to say of each file that is not clean."""
    if len(files) == 1:
        said = run(files[0], flags)
        return {files[0]: said} if said else {}
    with tempfile.NamedTemporaryFile("w", dir=BUILD, suffix=".cc") as joined:
        joined.write(tidy_groups.join([file.read_text() for file in files]))
        joined.flush()
        if not run(joined.name, [*flags, *GROUP_FLAGS]):
            return {}
    half = len(files) // 2
    return look(files[:half], flags) | look(files[half:], flags)


def groups_of(files, entries):
    """Lists of files of a directory that are compiled alike, the longest first so that none is left
    alone at the end."""
    alike = collections.defaultdict(dict)
    for file in sorted(files):
        place = file.relative_to(SOURCE).parts[0]
        alike[(place, *flags_of(entries[file]))][file] = file.read_text()
    groups = [group for texts in alike.values() for group in tidy_groups.group(texts)]
    return sorted(groups, key=len, reverse=True)


def main():
    entries = configure()
    chosen = {pathlib.Path(a).resolve() for a in sys.argv[1:]}
    base, known, work = base_key(), {}, {}
    for file, entry in entries.items():
        if chosen and file not in chosen:
            continue
        key = CLEAN / key_of(file, entry, base, known)
        if not key.exists():
            work[file] = key
    CLEAN.mkdir(exist_ok=True)
    failed = 0
    groups = groups_of(work, entries)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        flags = [flags_of(entries[group[0]]) for group in groups]
        for group, findings in zip(groups, pool.map(look, groups, flags)):
            for file in group:
                if file in findings:
                    print(findings[file], file=sys.stderr)
                else:
                    work[file].touch()
            failed += len(findings)
    print(f"clang-tidy: {len(work)} files looked at, {len(entries) - len(work)} known, "
          f"{failed} failed")
    return 1 if failed else 0


sys.exit(main())
