"""What the tests of PartiQL have in common."""

import pytest

from conftest import create_table
from server import Server
from wire import call


@pytest.fixture
def run(client):
    """Runs a statement; the parameters are attribute values."""
    def run_statement(statement, *parameters, **options):
        if parameters:
            options["Parameters"] = list(parameters)
        return client.execute_statement(Statement=statement, **options)
    return run_statement


@pytest.fixture
def items(client, name):
    """A table with the keys pk and sk, strings."""
    create_table(client, name, "pk:S sk:S")
    yield name
    client.delete_table(TableName=name)


def put(client, table, pk, sk="1", **attributes):
    client.put_item(TableName=table, Item={"pk": {"S": pk}, "sk": {"S": sk}, **attributes})


def get(client, table, pk, sk="1"):
    return client.get_item(
        TableName=table, Key={"pk": {"S": pk}, "sk": {"S": sk}}).get("Item")


def keys(answer):
    return [item["pk"]["S"] + "/" + item["sk"]["S"] for item in answer["Items"]]


def batch(client, *statements, **options):
    """Through a client, or below it to a server."""
    members = [one if isinstance(one, dict) else {"Statement": one} for one in statements]
    if isinstance(client, Server):
        return call(client, "BatchExecuteStatement", {"Statements": members, **options}).json
    return client.batch_execute_statement(Statements=members, **options)
