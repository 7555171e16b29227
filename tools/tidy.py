"""Runs clang-tidy over the sources of src/, tests excepted, in parallel: tidy.py [FILE...].

A file that was clean is not looked at again until its text, a header of the project that it
reaches, its compile command, .clang-tidy or a package changes.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys

import check_layers

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
BUILD = ROOT / "build" / "tidy"
CLEAN = BUILD / "clean"
TESTS = ("_test.cc", "_testing.cc")
TIDY = "clang-tidy-14"


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
    own = pathlib.Path(__file__).read_bytes()
    return hashlib.sha256((ROOT / ".clang-tidy").read_bytes() + own + versions).digest()


def run(file):
    command = [TIDY, "-p", BUILD, "--quiet", "--extra-arg=-Wno-unknown-warning-option", file]
    result = subprocess.run(command, capture_output=True, text=True)
    return result.returncode == 0, result.stdout + ("" if result.returncode == 0 else result.stderr)


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
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        # The largest first, so that none is left alone at the end.
        order = sorted(work, key=lambda f: f.stat().st_size, reverse=True)
        for file, (clean, output) in zip(order, pool.map(run, order)):
            if clean:
                work[file].touch()
            else:
                failed += 1
                print(output, file=sys.stderr)
    print(f"clang-tidy: {len(work)} files looked at, {len(entries) - len(work)} known, "
          f"{failed} failed")
    return 1 if failed else 0


sys.exit(main())
