"""Functions that a mapping feeds: each notes what it gets in a file, which the test reads."""

import json
import time

import pytest

from conftest import create_table, make_client, stream_arn
from lambda_functions import ROLE, new_name, zip_of
from wire import MILLRACE, call

SECONDS_MAX = 30
BOTH_IMAGES = "NEW_AND_OLD_IMAGES"

SOURCE = '''
import json
import os
import time


def note(**entry):
    out = os.open(os.environ["NOTES"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(out, (json.dumps(entry) + "\\n").encode())
    os.close(out)


def ids(event):
    return [record["dynamodb"]["Keys"]["id"]["S"] for record in event["Records"]]


def numbers(event):
    return [record["dynamodb"]["SequenceNumber"] for record in event["Records"]]


def answer(event, context):
    return None


def handler(event, context):
    note(event=event, at=time.time(), function=context.invoked_function_arn)
    return answer(event, context)
'''


def python_zip(body=""):
    """`body` may define answer(event, context), which is what the function does and returns."""
    return zip_of({"index.py": SOURCE.replace("def handler", body + "\n\ndef handler").encode()})


def await_that(condition, what="it did not come to that", seconds_max=SECONDS_MAX):
    """Its first value that is true."""
    deadline = time.monotonic() + seconds_max
    while not (value := condition()):
        assert time.monotonic() < deadline, what() if callable(what) else what
        time.sleep(0.02)
    return value


def ids_of(event):
    return [record["dynamodb"]["Keys"]["id"]["S"] for record in event["Records"]]


class Notes:
    def __init__(self, path):
        self.path = path

    def all(self):
        if not self.path.exists():
            return []
        lines = self.path.read_text().split("\n")
        return [json.loads(line) for line in lines[:-1]]

    def events(self):
        return [note["event"] for note in self.all() if "event" in note]

    def batches(self):
        """The ids of each invocation's records."""
        return [ids_of(event) for event in self.events()]

    def ids(self):
        return [each for batch in self.batches() for each in batch]

    def await_ids(self, *wanted, seconds_max=SECONDS_MAX):
        """Waits until each of them has come, and returns all that came."""
        await_that(lambda: set(wanted) <= set(self.ids()),
                   lambda: f"did not come: {sorted(set(wanted) - set(self.ids()))[:20]}",
                   seconds_max)
        return self.ids()

    def await_events(self, count, seconds_max=SECONDS_MAX):
        await_that(lambda: len(self.events()) >= count,
                   lambda: f"{len(self.events())} of {count} invocations", seconds_max)
        return self.events()


class Mapping:
    def __init__(self, functions, uuid, function, notes):
        self.functions, self.uuid, self.function, self.notes = functions, uuid, function, notes

    def get(self):
        return self.functions.get_event_source_mapping(UUID=self.uuid)

    def await_state(self, state="Enabled"):
        return await_that(lambda: (found := self.get())["State"] == state and found,
                          lambda: f"{self.uuid} is {self.get()['State']}")

    def await_result(self, beginning):
        return await_that(
            lambda: (found := self.get()["LastProcessingResult"]).startswith(beginning) and found,
            lambda: f"the last result is {self.get()['LastProcessingResult']}")

    def update(self, **settings):
        self.functions.update_event_source_mapping(UUID=self.uuid, **settings)
        state = "Disabled" if settings.get("Enabled") is False else "Enabled"
        return self.await_state(state)

    def delete(self):
        missing = self.functions.exceptions.ResourceNotFoundException

        def is_gone():
            try:
                if self.get()["State"] != "Deleting":
                    self.functions.delete_event_source_mapping(UUID=self.uuid)
            except missing:
                return True
            except self.functions.exceptions.ResourceInUseException:
                return False
            return False

        await_that(is_gone, f"{self.uuid} is not deleted")


class Feeding:
    """Tables, functions and mappings of one test on one server."""

    def __init__(self, server, directory):
        self.server, self.directory = server, directory
        self.client, self.functions = make_client(server), make_client(server, "lambda")
        self.mappings, self.tables, self.made_functions = [], [], []

    def table(self, view=BOTH_IMAGES, **options):
        """The name of a fresh streamed table with the partition key id."""
        name = f"fed-{new_name()}"
        create_table(self.client, name, StreamSpecification={
            "StreamEnabled": True, "StreamViewType": view}, **options)
        self.tables.append(name)
        return name

    def put(self, table, *identities, **attributes):
        for identity in identities:
            self.client.put_item(TableName=table, Item={"id": {"S": identity}, **attributes})

    def put_many(self, table, identities):
        for start in range(0, len(identities), 25):
            self.client.batch_write_item(RequestItems={table: [
                {"PutRequest": {"Item": {"id": {"S": identity}}}}
                for identity in identities[start:start + 25]]})

    def function(self, body="", name=None, **options):
        """Its name and its notes."""
        name = name or new_name()
        notes = Notes(self.directory / f"{name}.notes")
        variables = {"NOTES": str(notes.path), **options.pop("variables", {})}
        options = {"Runtime": "python3.11", "Handler": "index.handler", "Timeout": 20,
                   "Code": {"ZipFile": python_zip(body)}, **options}
        self.functions.create_function(FunctionName=name, Role=ROLE,
                                       Environment={"Variables": variables}, **options)
        self.made_functions.append(name)
        return name, notes

    def map(self, table, function, notes=None, **settings):
        """Feeds the function, and waits until it is Enabled."""
        settings.setdefault("StartingPosition", "TRIM_HORIZON")
        arn = settings.pop("EventSourceArn", None) or stream_arn(self.client, table)
        uuid = self.functions.create_event_source_mapping(
            FunctionName=function, EventSourceArn=arn, **settings)["UUID"]
        mapping = Mapping(self.functions, uuid, function, notes)
        self.mappings.append(mapping)
        mapping.await_state("Enabled" if settings.get("Enabled", True) else "Disabled")
        return mapping

    def feed(self, table, body="", **settings):
        """A mapping to a function of its own."""
        function, notes = self.function(body)
        return self.map(table, function, notes, **settings)

    def restarted(self, server):
        """Goes on with another process of the server."""
        again = Feeding(server, self.directory)
        again.tables, again.made_functions = self.tables, self.made_functions
        again.mappings = [Mapping(again.functions, each.uuid, each.function, each.notes)
                          for each in self.mappings]
        return again

    def clear(self):
        """As quickly as may be: what runs still is killed with its function."""
        for mapping in self.mappings:
            try:
                self.functions.delete_event_source_mapping(UUID=mapping.uuid)
            except (self.functions.exceptions.ResourceNotFoundException,
                    self.functions.exceptions.ResourceInUseException):
                pass
        for name in self.made_functions:
            try:
                self.functions.delete_function(FunctionName=name)
            except self.functions.exceptions.ResourceNotFoundException:
                pass
        for mapping in self.mappings:
            mapping.delete()
        for name in self.tables:
            try:
                self.client.delete_table(TableName=name)
            except self.client.exceptions.ResourceNotFoundException:
                pass


def statistics(server, mapping):
    answer = call(server, "DescribeTriggerStatistics", {"UUID": mapping.uuid}, service=MILLRACE)
    assert answer.status == 200, answer.body
    return answer.json


def replay(server, mapping, position, **more):
    return call(server, "ReplayEventSourceMapping",
                {"UUID": mapping.uuid, "StartingPosition": position, **more}, service=MILLRACE)


@pytest.fixture
def feeding(server, tmp_path):
    made = Feeding(server, tmp_path)
    yield made
    made.clear()
