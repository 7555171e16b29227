"""Sends a case to the server and compares."""

import json

from api_models import MODELS, TARGETS
from case_file import expanded, repeated
from wire import call

SHOWN_MAX = 400  # characters of what went wrong
# Of operations with one name DynamoDB's is meant, whose model comes first.
SERVICES = {operation: service for service, model in reversed(MODELS.items())
            for operation in model["operations"]}


def shortened(text):
    return text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}… ({len(text)} characters)"


class CaseRun:
    """The cases of one file, in order. `run` returns what is wrong, or None."""

    def __init__(self, server):
        self.server = server
        self.seen = {}  # last value of every member of an answer

    def run(self, case):
        answer = self.ask(case.operation, self.with_seen(case.body))
        if answer.status == 200 and answer.body:
            self.remember(answer.json)
        problem = self.difference(case.expected, answer)
        if problem:
            problem = f"  expected {shortened(repeated(case.expected))}\n  got      {problem}"
        return problem

    def ask(self, operation, body):
        service = TARGETS[SERVICES[operation]] if operation in SERVICES else "unknown"
        return call(self.server, operation, body, service=service)

    def difference(self, expected, answer):
        if answer.status != 200:
            code, message = answer.error
            actual = f"{code} {message}" if message else code
            wanted = repeated(expected)
            good = (actual.startswith(wanted[:-3].rstrip()) if wanted.endswith("...")
                    else actual == wanted)
            return None if good else shortened(actual)
        actual = answer.json if answer.body else {}
        return None if self.fits(expected, actual) else shortened(json.dumps(actual))

    def fits(self, expected, actual):
        if expected == "ok":
            return True
        partly = expected.startswith("has ")
        text = expected[4:] if partly else expected
        if not text.startswith("{"):
            return False
        wanted = expanded(json.loads(text))
        if not partly:
            return wanted == actual
        return all(actual.get(name) == value for name, value in wanted.items())

    def remember(self, value):
        if isinstance(value, dict):
            self.seen.update(value)
        for member in value.values() if isinstance(value, dict) else value:
            if isinstance(member, (dict, list)):
                self.remember(member)

    def with_seen(self, value):
        if isinstance(value, str) and value.startswith("$") and value[1:] in self.seen:
            return self.seen[value[1:]]
        if isinstance(value, list):
            return [self.with_seen(member) for member in value]
        if isinstance(value, dict):
            return {name: self.with_seen(member) for name, member in value.items()}
        return value

    def drop_tables(self):
        for name in self.ask("ListTables", {}).json["TableNames"]:
            self.ask("UpdateTable", {"TableName": name, "DeletionProtectionEnabled": False})
            self.ask("DeleteTable", {"TableName": name})
