"""Threads with a connection each, until the time is over."""

import threading
import time

from connection import Connection


class Client(threading.Thread):
    """Calls `step(connection, random)` again and again; join() raises what went wrong."""

    def __init__(self, server, random, seconds, step):
        super().__init__(daemon=True)
        self.server, self.random, self.step = server, random, step
        self.deadline = time.monotonic() + seconds
        self.failure = None
        self.steps = 0

    def run(self):
        connection = Connection(self.server.host, self.server.port)
        try:
            while time.monotonic() < self.deadline:
                self.step(connection, self.random)
                self.steps += 1
        except Exception as error:  # told by the thread that joins this one
            self.failure = error
        finally:
            connection.close()


def run_clients(server, random, seconds, steps):
    """One client for each of `steps`; the numbers of steps they made."""
    clients = [Client(server, random.__class__(random.random()), seconds, step) for step in steps]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    for client in clients:
        if client.failure:
            raise client.failure
    return [client.steps for client in clients]
