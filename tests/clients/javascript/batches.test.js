import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { BatchGetItemCommand, BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { client, createTable } from './clients.js';

let table;
before(async () => { table = await createTable(); });

const keyOf = (number) => ({ id: { S: `key-${number}` } });
const numbers = (count) => Array.from({ length: count }, (_, number) => number);
const write = (requests) =>
  client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
const read = async (keys) =>
  (await client.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys: keys } } })))
    .Responses[table];

test('puts, deletes and gets in batches', async () => {
  const answer = await write(numbers(25).map((n) => ({ PutRequest: { Item: keyOf(n) } })));
  assert.deepEqual(answer.UnprocessedItems, {});
  await write(numbers(5).map((n) => ({ DeleteRequest: { Key: keyOf(n) } })));
  assert.equal((await read(numbers(100).map(keyOf))).length, 20);
});

test('the same key twice', async () => {
  await assert.rejects(read([keyOf(1), keyOf(1)]), {
    name: 'ValidationException', message: 'Provided list of item keys contains duplicates',
  });
});
