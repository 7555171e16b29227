"""The process: options, configuration, signals, limits, start-up."""

import http.client
import json
import os
import resource
import signal
import socket
import threading
import time

import pytest

from conftest import create_table, make_client
from server import Server, run_refused
from wire import call, get


def test_port_zero_and_health():
    with Server("--memory") as first, Server("--memory") as second:
        assert first.port != second.port
        assert get(first, "/health").status == get(second, "/health").status == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_well(tmp_path, number):
    server = Server("--data", tmp_path / "data")
    server.process.send_signal(number)
    assert server.process.wait(10) == 0


def test_sigterm_does_not_wait_for_idle_connections(tmp_path):
    server = Server("--data", tmp_path / "data")
    idle = socket.create_connection((server.host, server.port))
    started = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - started < 5
    idle.close()


def test_sigterm_finishes_what_is_in_flight(tmp_path):
    """Writers go on while it stops; each write they saw acknowledged is there afterwards."""
    acknowledged = []

    def write(client, writer):
        number = 0
        try:
            while True:
                client.put_item(TableName="t00", Item={"id": {"S": f"{writer}-{number}"}})
                acknowledged.append(f"{writer}-{number}")
                number += 1
        except Exception:  # noqa: BLE001, the server is gone, by whatever error
            pass

    server = Server("--data", tmp_path / "data")
    client = make_client(server)
    create_table(client, "t00")
    threads = [threading.Thread(target=write, args=(client, writer)) for writer in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    assert server.stop() == 0
    for thread in threads:
        thread.join()
    assert acknowledged
    with Server("--data", tmp_path / "data") as again:
        client = make_client(again)
        for key in acknowledged:
            assert "Item" in client.get_item(TableName="t00", Key={"id": {"S": key}})


@pytest.mark.parametrize("address", ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"])
def test_only_loopback(address):
    code, output = run_refused("--memory", "--listen", address)
    assert code != 0
    assert "loopback" in output and "listening on" not in output


def test_localhost_by_name():
    with Server("--memory", "--listen", "localhost:0") as server:
        assert get(server, "/health").status == 200


@pytest.mark.parametrize("arguments, told", [
    (["--nonsense"], "nonsense"), (["--listen", "nowhere"], "nowhere"),
    (["--listen", "127.0.0.1:99999"], "99999"), (["--memory", "--data", "x"], "--memory"),
    (["--config", "/nonexistent.toml"], "/nonexistent.toml")])
def test_bad_options_are_refused_by_name(arguments, told):
    code, output = run_refused(*arguments)
    assert code != 0 and told in output


def test_port_in_use():
    with Server("--memory") as server:
        code, output = run_refused("--memory", "--listen", f"127.0.0.1:{server.port}")
        assert code != 0 and str(server.port) in output


def test_data_directory_has_one_owner(tmp_path):
    with Server("--data", tmp_path / "data") as server:
        code, output = run_refused("--data", tmp_path / "data", "--listen", "127.0.0.1:0")
        assert code != 0 and str(tmp_path / "data") in output
        assert get(server, "/health").status == 200


def test_configuration_file_and_flags_over_it(tmp_path):
    config = tmp_path / "millrace.toml"
    config.write_text(f'listen = "127.0.0.1:0"\ndata = "{tmp_path}/from-file"\n'
                      'region = "eu-west-1"\naccount_id = "123456789012"\ndurability = "os"\n')
    with Server("--config", config) as server:
        arn = create_table(make_client(server, region="eu-west-1"), "configured")["TableArn"]
        assert arn == "arn:aws:dynamodb:eu-west-1:123456789012:table/configured"
    assert (tmp_path / "from-file").is_dir()
    with Server("--config", config, "--data", tmp_path / "from-flag") as server:
        assert make_client(server, region="eu-west-1").list_tables()["TableNames"] == []
    assert (tmp_path / "from-flag").is_dir()


@pytest.mark.parametrize("text, told", [
    ('nonsense = 1\n', "nonsense"), ('listen = 5\n', "listen"), ('durability = "maybe"\n', "maybe"),
    ('listen = \n', "millrace.toml")])
def test_bad_configuration_is_refused_by_name(tmp_path, text, told):
    config = tmp_path / "millrace.toml"
    config.write_text(text)
    code, output = run_refused("--memory", "--config", config)
    assert code != 0 and told in output


def test_logs_are_on_stderr_only(tmp_path):
    with Server("--data", tmp_path / "data") as server:
        call(server, "ListTables", {})
        server.stop()
        lines = server.stderr().splitlines()
        assert lines and all("level=" in line and "msg=" in line for line in lines)
        assert "level=" not in server.stdout + server.process.stdout.read().decode()


def test_cold_start_and_idle_memory(tmp_path):
    starts = []
    for number in range(7):
        with Server("--data", tmp_path / str(number)) as server:
            starts.append(server.start_seconds)
            with open(f"/proc/{server.process.pid}/status", encoding="ascii") as status:
                (resident,) = [line for line in status if line.startswith("VmRSS")]
            assert int(resident.split()[1]) < 40 * 1024
    assert min(starts) < 0.1


def test_an_item_written_by_one_connection_is_read_by_another(server, table):
    writer, reader = (http.client.HTTPConnection(server.host, server.port, timeout=10)
                      for _ in range(2))
    for number in range(100):
        call(server, "PutItem", {"TableName": table, "Item": {
            "id": {"S": "x"}, "n": {"N": str(number)}}}, connection=writer)
        answer = call(server, "GetItem", {"TableName": table, "Key": {"id": {"S": "x"}},
                                          "ConsistentRead": True}, connection=reader)
        assert json.loads(answer.body)["Item"]["n"] == {"N": str(number)}
    writer.close()
    reader.close()


def cpu_seconds_of(process):
    with open(f"/proc/{process}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def wait_until_idle(process):
    """The first start makes a key for the audit trail, which takes a while."""
    for _ in range(100):
        begin = cpu_seconds_of(process)
        time.sleep(0.3)
        if cpu_seconds_of(process) - begin < 0.05:
            return
    raise AssertionError("never idle")


def test_want_of_file_descriptors_is_waited_for():
    with Server("--memory") as server:
        wait_until_idle(server.process.pid)
        before = http.client.HTTPConnection(server.host, server.port, timeout=10)
        assert call(server, "ListTables", {}, connection=before).status == 200
        process = server.process.pid
        limits = resource.prlimit(process, resource.RLIMIT_NOFILE)
        resource.prlimit(process, resource.RLIMIT_NOFILE, (3, limits[1]))
        with socket.create_connection((server.host, server.port), timeout=10) as starved:
            starved.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            begin = cpu_seconds_of(process)
            time.sleep(0.5)
            assert cpu_seconds_of(process) - begin < 0.2
            assert call(server, "ListTables", {}, connection=before).status == 200
            resource.prlimit(process, resource.RLIMIT_NOFILE, limits)
            assert starved.recv(100).startswith(b"HTTP/1.1 200 ")
        before.close()
