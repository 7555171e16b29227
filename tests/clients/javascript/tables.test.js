import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateTableCommand, DeleteTableCommand, DescribeTableCommand, ListTablesCommand,
  UpdateTableCommand, paginateListTables, waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import { client, createTable } from './clients.js';

const describe = async (TableName) =>
  (await client.send(new DescribeTableCommand({ TableName }))).Table;

test('a table is created, described, listed and deleted', async () => {
  const TableName = await createTable();
  const table = await describe(TableName);
  assert.equal(table.TableStatus, 'ACTIVE');
  assert.equal(table.TableArn, `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`);
  assert.ok(Math.abs(Date.now() - table.CreationDateTime) < 60_000);
  assert.equal(table.DeletionProtectionEnabled, false);
  assert.ok((await client.send(new ListTablesCommand({}))).TableNames.includes(TableName));
  await client.send(new DeleteTableCommand({ TableName }));
  await waitUntilTableNotExists({ client, maxWaitTime: 20, minDelay: 1 }, { TableName });
  await assert.rejects(describe(TableName), {
    name: 'ResourceNotFoundException',
    message: `Requested resource not found: Table: ${TableName} not found`,
  });
});

test('the paginator finds every table', async () => {
  const made = [await createTable(), await createTable(), await createTable()];
  const found = [];
  for await (const page of paginateListTables({ client, pageSize: 1 }, {})) {
    found.push(...page.TableNames);
  }
  assert.deepEqual(found, [...found].sort());
  for (const name of made) assert.ok(found.includes(name));
});

test('a table that is there is not created again', async () => {
  const TableName = await createTable();
  await assert.rejects(client.send(new CreateTableCommand({
    TableName,
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  })), { name: 'ResourceInUseException', message: `Table already exists: ${TableName}` });
});

test('billing mode, throughput and deletion protection change', async () => {
  const TableName = await createTable();
  await client.send(new UpdateTableCommand({
    TableName, BillingMode: 'PROVISIONED',
    ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 4 },
  }));
  assert.equal((await describe(TableName)).ProvisionedThroughput.WriteCapacityUnits, 4);
  await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true }));
  assert.equal((await describe(TableName)).DeletionProtectionEnabled, true);
  await assert.rejects(client.send(new DeleteTableCommand({ TableName })), {
    name: 'ValidationException',
    message: 'Resource cannot be deleted as it is currently protected against deletion. ' +
      'Disable deletion protection first.',
  });
  await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
  await client.send(new DeleteTableCommand({ TableName }));
});
