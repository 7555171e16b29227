"""Starts and stops the servers under test, each on a loopback port, with its data below `work`."""

import os
import pathlib
import re
import resource
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from . import load, peers, process_cost

START_SECONDS_MAX = 120
STOP_SECONDS_MAX = 60
LISTENING = re.compile(r"^listening on http://([^\s]+)$", re.MULTILINE)

TITLES = {
    "millrace": "Millrace, fsync",
    "millrace-os": "Millrace, `os`",
    "millrace-memory": "Millrace, memory",
    "millrace-auth": "Millrace, fsync, enforced",
    "dynamodb-local": "DynamoDB Local",
    "dynalite": "dynalite",
    "nginx": "nginx, a constant",
}
PEERS = ("dynamodb-local", "dynalite", "nginx")
# Of Millrace, to the server's name in the results.
MODES = {"fsync": "millrace", "os": "millrace-os", "memory": "millrace-memory",
         "auth": "millrace-auth"}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def raise_descriptor_limit():
    """Of this process and all that it starts, for ten thousand connections."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Server:
    """A process in a `with`. `cpus`: what it is pinned to; empty: nothing."""

    def __init__(self, name, command, log, *, port=0, cpus=(), cwd=None, variables=None):
        """Of port 0 the server tells itself where it listens, on stdout."""
        self.name = name
        self.prepared = set()  # tables that are loaded
        self._log = pathlib.Path(log)
        self._log.parent.mkdir(parents=True, exist_ok=True)
        pinned = ["taskset", "-c", ",".join(map(str, cpus))] if cpus else []
        started = time.monotonic()
        with self._log.open("wb") as stderr:
            self.process = subprocess.Popen(
                [*pinned, *map(str, command)], cwd=cwd, stdout=subprocess.PIPE if not port else stderr,
                stderr=stderr, env={**os.environ, **(variables or {})})
        try:
            self.address = f"127.0.0.1:{port}" if port else None
            self._wait_until_listening(port)
        except BaseException:
            self.process.kill()
            self.process.wait()
            raise
        self.start_seconds = time.monotonic() - started
        self.endpoint = f"http://{self.address}"

    def _wait_until_listening(self, port):
        said = ""
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline and self.process.poll() is None:
            if port:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    return
                except OSError:
                    time.sleep(0.005)
                continue
            if not select.select([self.process.stdout], [], [], 0.1)[0]:
                continue
            said += os.read(self.process.stdout.fileno(), 65536).decode()
            if found := LISTENING.search(said):
                self.address = found[1]
                return
        raise RuntimeError(f"{self.name} did not start: {said}{self._log.read_text()[-2000:]}")

    def pids(self):
        return process_cost.with_children(self.process.pid)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Launcher:
    """Knows how each server is started."""

    def __init__(self, options):
        self._options = options
        self._count = 0
        self._directory = None  # made when it is wanted

    def fresh_directory(self, name):
        if self._directory is None:
            self._directory = pathlib.Path(tempfile.mkdtemp(prefix="servers-", dir=self._options.work))
            self._directory.chmod(0o755)  # nginx's workers are of another user
        self._count += 1
        path = self._directory / f"{name}-{self._count}"
        path.mkdir()
        return path

    def remove_directories(self):
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)

    def start(self, name, *, item_bytes=1024, cpus=()):
        """A fresh one, by its name in the results."""
        if name == "dynamodb-local":
            return self._dynamodb_local(cpus)
        if name == "dynalite":
            return self._dynalite(cpus)
        if name == "nginx":
            return self._nginx(item_bytes, cpus)
        durability = ("--durability", "os") if name == "millrace-os" else ()
        return self.millrace(name, *durability, memory=name == "millrace-memory",
                             enforced=name == "millrace-auth", cpus=cpus)

    def millrace(self, name, *arguments, data=None, memory=False, enforced=False, cpus=()):
        """`data`: a directory that is kept; without one a fresh one."""
        directory = self.fresh_directory(name)
        where = ("--memory",) if memory else ("--data", data or directory / "data")
        variables = {}
        if enforced:
            arguments += ("--auth",)
            variables = {"MILLRACE_ROOT_ACCESS_KEY_ID": load.ACCESS_KEY_ID,
                         "MILLRACE_ROOT_SECRET_ACCESS_KEY": load.SECRET_ACCESS_KEY}
        return Server(name, [self._options.millrace, "serve", *where, "--listen", "127.0.0.1:0",
                             "--region", load.REGION, *arguments],
                      directory / "log", cpus=cpus, variables=variables)

    def _dynamodb_local(self, cpus):
        port = free_port()
        directory = peers.dynamodb_local_directory(self._options.build)
        return Server("dynamodb-local",
                      ["java", f"-Djava.library.path={directory}/DynamoDBLocal_lib", "-jar",
                       directory / "DynamoDBLocal.jar", "-inMemory", "-sharedDb",
                       "-disableTelemetry", "-port", port],
                      self.fresh_directory("dynamodb-local") / "log", port=port, cpus=cpus,
                      cwd=directory)

    def _dynalite(self, cpus):
        port = free_port()
        immediately = [option for action in ("create", "update", "delete")
                       for option in (f"--{action}TableMs", 0)]
        return Server("dynalite",
                      ["node", peers.dynalite_program(self._options.build),
                       "--host", "127.0.0.1", "--port", port, *immediately],
                      self.fresh_directory("dynalite") / "log", port=port, cpus=cpus)

    def _nginx(self, item_bytes, cpus):
        port = free_port()
        directory = self.fresh_directory("nginx").resolve()
        configuration = peers.write_nginx_configuration(port, directory, item_bytes)
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        return Server("nginx", [program, "-p", directory, "-c", configuration], directory / "log",
                      port=port, cpus=cpus)


def settle(servers, seconds_max=10):
    """Waits until they do next to nothing: what one still does in the background would slow the
    next that is measured."""
    pids = [pid for server in servers for pid in server.pids()]
    deadline = time.monotonic() + seconds_max
    while time.monotonic() < deadline:
        before = process_cost.cpu_seconds(pids)
        time.sleep(0.25)
        if process_cost.cpu_seconds(pids) - before <= 2.5 * process_cost.TICK_SECONDS:
            return
