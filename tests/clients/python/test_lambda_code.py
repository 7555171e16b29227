"""Zip files of functions, good ones and bad ones."""

import io
import os
import stat
import zipfile

import pytest

from conftest import make_client
from lambda_functions import create, failing, new_name, zip_of
from server import Server

CANNOT_UNZIP = "Could not unzip uploaded file. Please check your file, then try to upload again."


def zip_with(name, mode, content=b"x"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr(info, content)
    return buffer.getvalue()


@pytest.mark.parametrize("code,message", [
    (b"", "Uploaded file must be a non-empty zip"),
    (b"PK\5\6" + bytes(18), "Uploaded file must be a non-empty zip"),
    (b"#!/bin/sh", CANNOT_UNZIP),
    (zip_of()[:-10], CANNOT_UNZIP),
    (zip_of()[:40], CANNOT_UNZIP),
    (zip_of({"../evil": b"x"}), CANNOT_UNZIP),
    (zip_of({"/evil": b"x"}), CANNOT_UNZIP),
    (zip_with("link", stat.S_IFLNK | 0o777, b"/etc/passwd"), CANNOT_UNZIP),
    (zip_with("device", stat.S_IFCHR | 0o666), CANNOT_UNZIP),
], ids=range(9))
def test_bad_zip_files(functions, code, message):
    name = new_name()
    with failing("InvalidParameterValueException", 400, message):
        create(functions, name, Code={"ZipFile": code})
    with failing("ResourceNotFoundException", 404):
        functions.get_function(FunctionName=name)


def test_bombs(functions):
    bomb = zip_of({"a": bytes(270_000_000)})
    assert len(bomb) < 300_000
    with failing("InvalidParameterValueException", 400,
                 "Unzipped size must be smaller than 262144000 bytes"):
        create(functions, new_name(), Code={"ZipFile": bomb})


def test_many_entries(functions):
    many = zip_of({f"{number}.txt": b"" for number in range(100_001)}, zipfile.ZIP_STORED)
    with failing("InvalidParameterValueException", 400,
                 "Uploaded file must have no more than 100000 entries"):
        create(functions, new_name(), Code={"ZipFile": many})


def test_large_uploads(functions):
    name = new_name()
    code = zip_of({"bootstrap": os.urandom(45_000_000)}, zipfile.ZIP_STORED)
    assert create(functions, name, Code={"ZipFile": code})["CodeSize"] == len(code)
    assert functions.update_function_code(FunctionName=name, ZipFile=code)["CodeSize"] == len(code)
    functions.delete_function(FunctionName=name)
    with failing("RequestEntityTooLargeException", 413):
        create(functions, name, Code={"ZipFile": bytes(53_000_000)})


def code_directories(data):
    return sorted(path.name for path in (data / "functions").iterdir())


def test_code_on_disk(tmp_path):
    data = tmp_path / "data"
    with Server("--data", data) as server:
        functions = make_client(server, "lambda")
        create(functions, "f", Code={"ZipFile": zip_of({"bootstrap": b"one", "a/b.txt": b"b"})})
        [directory] = code_directories(data)
        assert directory.startswith("f-")
        bootstrap = data / "functions" / directory / "code" / "bootstrap"
        assert bootstrap.read_bytes() == b"one" and os.access(bootstrap, os.X_OK)
        assert not os.access(data / "functions" / directory / "code/a/b.txt", os.X_OK)
        functions.publish_version(FunctionName="f")
        functions.update_function_code(FunctionName="f", ZipFile=zip_of())
        assert len(code_directories(data)) == 2, "version 1 has the first"
        with failing("InvalidParameterValueException", 400):
            functions.update_function_code(FunctionName="f", ZipFile=b"bad")
        functions.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
        before = [functions.get_function_configuration(FunctionName=n) for n in ("f", "f:live")]
        server.kill()
    (data / "functions" / ".incoming-f-x").mkdir()
    (data / "functions" / "f-left").mkdir()
    with Server("--data", data) as server:
        functions = make_client(server, "lambda")
        after = [functions.get_function_configuration(FunctionName=n) for n in ("f", "f:live")]
        for one in before + after:
            one.pop("ResponseMetadata")
        assert after == before
        assert len(code_directories(data)) == 2
        functions.delete_function(FunctionName="f")
        assert functions.list_functions()["Functions"] == []
    assert len(code_directories(data)) <= 2
    with Server("--data", data) as server:
        assert code_directories(data) == []


def test_memory_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with Server("--memory") as server:
        functions = make_client(server, "lambda")
        create(functions, "f")
        [directory] = [path for path in tmp_path.iterdir() if path.name.startswith("millrace-")]
        assert len(list((directory / "functions").iterdir())) == 1
    assert [path for path in tmp_path.iterdir() if path.name.startswith("millrace-")] == []
