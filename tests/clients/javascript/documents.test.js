import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createTable, documents } from './clients.js';

let TableName;
before(async () => { TableName = await createTable(); });

test('plain JavaScript values come back', async () => {
  const Item = {
    id: 'd', text: 'ü', number: 12.5, yes: true, nothing: null, list: [1, 'two', { three: 3 }],
    map: { deep: { deeper: ['x'] } }, tags: new Set(['a', 'b']), numbers: new Set([1, 2]),
    bytes: Uint8Array.from([0, 255]),
  };
  await documents.send(new PutCommand({ TableName, Item }));
  const got = await documents.send(new GetCommand({ TableName, Key: { id: 'd' } }));
  assert.deepEqual(got.Item, Item);
});

test('update and delete', async () => {
  const Key = { id: 'u' };
  const updated = await documents.send(new UpdateCommand({
    TableName, Key, UpdateExpression: 'SET #c = if_not_exists(#c, :zero) + :step',
    ExpressionAttributeNames: { '#c': 'count' },
    ExpressionAttributeValues: { ':zero': 0, ':step': 2 }, ReturnValues: 'ALL_NEW',
  }));
  assert.deepEqual(updated.Attributes, { id: 'u', count: 2 });
  const deleted = await documents.send(new DeleteCommand({
    TableName, Key, ReturnValues: 'ALL_OLD', ConditionExpression: '#c = :two',
    ExpressionAttributeNames: { '#c': 'count' }, ExpressionAttributeValues: { ':two': 2 },
  }));
  assert.deepEqual(deleted.Attributes, { id: 'u', count: 2 });
  assert.equal((await documents.send(new GetCommand({ TableName, Key }))).Item, undefined);
});
