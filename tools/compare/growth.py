"""What it costs Millrace when there is more: items, tables, idle connections."""

import concurrent.futures
import contextlib
import shutil
import socket
import statistics
import time

from . import load, process_cost, servers
from .load import Load

LARGE_ITEM_BYTES = 256
LARGE_DIRECTORY = "large-tables"
IDLE_REQUEST = b"GET / HTTP/1.1\r\nHost: idle\r\n\r\n"


def turns_of(run, name, pairs, seconds=None, generator=None):
    """Turns of each of `pairs`, label to (server, load), in turn. The first is not counted."""
    measured = {label: {"turns": []} for label in pairs}
    for turn in range(run.options.turns + 1):
        for label, (server, work) in pairs.items():
            servers.settle([server])
            result = (generator or run.generator).measure(server, work,
                                                          seconds or run.options.seconds)
            run.say(f"{name} turn {turn} {label}: {result['rate']:,.0f}/s, p50 "
                    f"{result['p50'] / 1000:.2f} ms, p99 {result['p99'] / 1000:.2f} ms"
                    + (f", errors {result['errors']}" if result["errors"] else ""))
            if turn > 0:
                measured[label]["turns"].append(result)
    return measured


def large_directory(run):
    """With the tables of the large sizes in one server's data, loaded if they are not yet."""
    directory = run.options.work / LARGE_DIRECTORY
    data, loaded = directory / "data", directory / "loaded"
    sizes = run.options.scale.large_items
    if loaded.exists() and loaded.read_text() == str(sizes):
        return data
    remove_large_tables(run)
    directory.mkdir(parents=True)
    with run.launcher.millrace("millrace", "--durability", "os", data=data) as server:
        for items in sizes:
            started = time.monotonic()
            run.generator.prepare(server, Load("get", items, LARGE_ITEM_BYTES))
            run.say(f"loaded {items:,} items in {time.monotonic() - started:.0f} s")
        servers.settle([server], 300)
    loaded.write_text(str(sizes))
    return data


def remove_large_tables(run):
    shutil.rmtree(run.options.work / LARGE_DIRECTORY, ignore_errors=True)


def measure_million(run):
    """GetItem and PutItem of tables of all sizes in one server."""
    sizes = run.options.scale.large_items
    names = [(workload, connections) for workload in ("get", "put") for connections in (1, 32)]
    missing = [pair for pair in names if run.is_wanted(f"million/{pair[0]}-{pair[1]}")]
    if not missing:
        return
    with run.launcher.millrace("millrace", data=large_directory(run)) as server:
        server.prepared |= {Load("get", items, LARGE_ITEM_BYTES).table for items in sizes}
        run.generator.measure(server, Load("get", sizes[-1], LARGE_ITEM_BYTES),
                              run.options.scale.warm_up_seconds)
        for workload, connections in missing:
            name = f"million/{workload}-{connections}"
            pairs = {str(items): (server, Load(workload, items, LARGE_ITEM_BYTES, connections))
                     for items in sizes}
            run.results.put(name, {"servers": turns_of(run, name, pairs)})


def make_tables(endpoint, count):
    import boto3  # only here, so that what is computed can be tested without it
    import botocore.config
    config = botocore.config.Config(retries={"max_attempts": 0}, max_pool_connections=8)
    dynamodb = boto3.client("dynamodb", endpoint_url=endpoint, region_name=load.REGION,
                            aws_access_key_id=load.ACCESS_KEY_ID,
                            aws_secret_access_key=load.SECRET_ACCESS_KEY, config=config)

    def make(number):
        dynamodb.create_table(
            TableName=f"one-of-many-{number:06}", BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])

    with concurrent.futures.ThreadPoolExecutor(4) as threads:
        list(threads.map(make, range(count)))


def measure_tables(run):
    """One table among ten thousand, and one alone."""
    if not run.is_wanted("tables"):
        return
    with run.launcher.millrace("few") as few, run.launcher.millrace("many") as many:
        started = time.monotonic()
        make_tables(many.endpoint, run.options.scale.tables)
        seconds = time.monotonic() - started
        run.say(f"made {run.options.scale.tables:,} tables in {seconds:.0f} s")
        memory = {server.name: round(process_cost.memory_megabytes(server.pids()), 1)
                  for server in (few, many)}
        found = {}
        for workload in ("get", "put"):
            work = Load(workload, run.options.scale.items)
            for server in (few, many):
                run.generator.prepare(server, work)
            found[workload] = turns_of(run, f"tables/{workload}",
                                       {"few": (few, work), "many": (many, work)})
    run.results.put("tables", {"tables": run.options.scale.tables, "make_seconds": round(seconds, 1),
                               "rss_mb": memory, "workloads": found})


@contextlib.contextmanager
def idle_connections(address, count):
    """Each has made a request and waits for the next that never comes."""
    host, port = address.rsplit(":", 1)
    with contextlib.ExitStack() as stack:
        connections = []
        for _ in range(count):
            connection = stack.enter_context(socket.create_connection((host, int(port)), 30))
            connections.append(connection)
            # Leaves no port behind that nobody can use for a minute.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.sendall(IDLE_REQUEST)
            if not connection.recv(4096).startswith(b"HTTP/1.1 "):
                raise RuntimeError("an idle connection was not answered")
        yield
        lost = sum(is_closed(connection) for connection in connections)
        if lost:
            raise RuntimeError(f"the server closed {lost} of {count} idle connections")


def is_closed(connection):
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def measure_idle(run):
    """The same server with and without ten thousand connections that do nothing."""
    if not run.is_wanted("idle"):
        return
    count = run.options.scale.idle_connections
    found, per_connection = {}, []
    with run.launcher.millrace("millrace") as server:
        for workload in ("get", "put"):
            work = Load(workload, run.options.scale.items)
            run.generator.prepare(server, work)
            found[workload] = {"none": {"turns": []}, "idle": {"turns": []}}
            for turn in range(run.options.turns + 1):
                servers.settle([server])
                without = run.generator.measure(server, work, run.options.seconds)
                before = process_cost.memory_megabytes(server.pids())
                with idle_connections(server.address, count):
                    servers.settle([server])
                    per_connection.append(
                        (process_cost.memory_megabytes(server.pids()) - before) * 1000 / count)
                    beside = run.generator.measure(server, work, run.options.seconds)
                run.say(f"idle/{workload} turn {turn}: without {without['rate']:,.0f}/s, "
                        f"with {count:,} idle {beside['rate']:,.0f}/s")
                if turn > 0:
                    found[workload]["none"]["turns"].append(without)
                    found[workload]["idle"]["turns"].append(beside)
    # Memory that a connection had is used again: the first time shows what they take.
    run.results.put("idle", {"connections": count, "kb_each": round(per_connection[0], 2),
                             "kb_each_median": round(statistics.median(per_connection), 2),
                             "workloads": found})
