"""Random calls by several principals, and what the trail is to hold of each."""

import dataclasses
import random
import threading
import uuid

import boto3
import botocore.config
import botocore.exceptions

TABLES = ("audited", "other")
ABSENT = "absent"
PRINCIPALS = ("AKIAALICE", "AKIABOB", "AKIACAROL")


def make_client(service, endpoint, principal="test"):
    config = botocore.config.Config(retries={"max_attempts": 0}, connect_timeout=2, read_timeout=20,
                                    parameter_validation=False, user_agent=f"calls/{principal}")
    return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", config=config,
                        aws_access_key_id=principal, aws_secret_access_key="test")


@dataclasses.dataclass(frozen=True)
class Made:
    """A call that was answered."""
    request_id: str
    name: str
    principal: str
    error_code: str | None
    tables: tuple
    read_only: bool
    keys: tuple = ()


def create_tables(endpoint, stream=False):
    client = make_client("dynamodb", endpoint)
    for table in TABLES:
        more = {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}}
        client.create_table(
            TableName=table, BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}], **(more if stream else {}))


def put_item(pick, table):
    key = str(uuid.uuid4())
    request = {"TableName": table, "Item": {"pk": {"S": key}, "secret": {"S": "hidden"}}}
    if pick.random() < 0.3:  # refused
        request["ConditionExpression"] = "attribute_exists(pk)"
    if pick.random() < 0.1:  # invalid
        request["Item"] = {"secret": {"S": "hidden"}}
    return "put_item", "PutItem", request, (table,), False, (key,)


def update_item(pick, table):
    key = str(uuid.uuid4())
    expression = pick.choice(["SET secret = :new", "SET secret = :new", "SET pk = :new"])
    return "update_item", "UpdateItem", {
        "TableName": table, "Key": {"pk": {"S": key}}, "UpdateExpression": expression,
        "ExpressionAttributeValues": {":new": {"S": "hidden"}}}, (table,), False, (key,)


def delete_item(pick, table):
    return "delete_item", "DeleteItem", {
        "TableName": table, "Key": {"pk": {"S": str(pick.randrange(5))}}}, (table,), False, ()


def get_item(pick, table):
    return "get_item", "GetItem", {
        "TableName": table, "Key": {"pk": {"S": str(pick.randrange(5))}}}, (table,), True, ()


def query(_, table):
    return "query", "Query", {
        "TableName": table, "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": "hidden"}}}, (table,), True, ()


def scan(_, table):
    return "scan", "Scan", {"TableName": table, "Limit": 1}, (table,), True, ()


def batch_get_item(_, table):
    return "batch_get_item", "BatchGetItem", {
        "RequestItems": {table: {"Keys": [{"pk": {"S": "1"}}]}}}, (table,), True, ()


def batch_write_item(_, table):
    keys = [str(uuid.uuid4()) for _ in range(3)]
    tables = tuple({table, TABLES[0]})
    puts = [{"PutRequest": {"Item": {"pk": {"S": key}, "secret": {"S": "hidden"}}}} for key in keys]
    return "batch_write_item", "BatchWriteItem", {
        "RequestItems": {name: puts for name in tables}}, tables, False, tuple(keys)


def transact_write_items(pick, table):
    key = str(uuid.uuid4())
    actions = [{"Put": {"TableName": table, "Item": {"pk": {"S": key}}}}]
    if pick.random() < 0.3:  # cancelled
        actions.append({"ConditionCheck": {
            "TableName": table, "Key": {"pk": {"S": "nowhere"}},
            "ConditionExpression": "attribute_exists(pk)"}})
    return "transact_write_items", "TransactWriteItems", {"TransactItems": actions}, (table,), \
        False, (key,)


def execute_statement(_, table):
    key = str(uuid.uuid4())
    return "execute_statement", "ExecuteStatement", {
        "Statement": f"INSERT INTO \"{table}\" VALUE {{'pk': '{key}', 'secret': 'hidden'}}"}, \
        (table,), False, (key,)


WRITES = (put_item, update_item, delete_item, batch_write_item, transact_write_items,
          execute_statement)
READS = (get_item, query, scan, batch_get_item)


class Caller(threading.Thread):
    """Makes calls, one after the other; `made` has those that were answered."""

    def __init__(self, endpoint, principal, seed, kinds, count=None):
        super().__init__(daemon=True)
        self.client = make_client("dynamodb", endpoint, principal)
        self.principal = principal
        self.pick = random.Random(seed)
        self.kinds = kinds
        self.count = count
        self.made = []
        self.stopping = threading.Event()

    def run(self):
        while not self.stopping.is_set() and (self.count is None or len(self.made) < self.count):
            table = self.pick.choice((*TABLES, *TABLES, ABSENT))
            method, name, request, tables, read_only, keys = self.pick.choice(self.kinds)(
                self.pick, table)
            error_code = None
            try:
                answer = getattr(self.client, method)(**request)
            except botocore.exceptions.ClientError as error:
                answer = error.response
                error_code = answer["Error"]["Code"]
            except botocore.exceptions.BotoCoreError:
                self.stopping.wait(0.05)
                continue
            self.made.append(Made(answer["ResponseMetadata"]["RequestId"], name, self.principal,
                                  error_code, tables, read_only, keys))
