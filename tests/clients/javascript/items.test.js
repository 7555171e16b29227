import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import {
  ConditionalCheckFailedException, DeleteItemCommand, GetItemCommand, PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { client, createTable } from './clients.js';

let TableName;
before(async () => { TableName = await createTable(); });

const put = (Item, more = {}) => client.send(new PutItemCommand({ TableName, Item, ...more }));
const get = async (id, more = {}) =>
  (await client.send(new GetItemCommand({ TableName, Key: { id: { S: id } }, ...more }))).Item;
const update = (id, UpdateExpression, ExpressionAttributeValues, more = {}) =>
  client.send(new UpdateItemCommand({
    TableName, Key: { id: { S: id } }, UpdateExpression, ExpressionAttributeValues, ...more,
  }));
const remove = (id, more = {}) =>
  client.send(new DeleteItemCommand({ TableName, Key: { id: { S: id } }, ...more }));

test('every type comes back', async () => {
  const item = {
    id: { S: 'types' }, s: { S: 'ü\u0000😀' },
    n: { N: '-1234567890123456789012345678901234567.8' },
    b: { B: Uint8Array.from([0, 1, 255]) }, yes: { BOOL: true }, none: { NULL: true },
    ss: { SS: ['a'] }, ns: { NS: ['1.5'] }, bs: { BS: [Uint8Array.from([7])] },
    m: { M: { l: { L: [{ S: '' }, { M: {} }, { L: [] }] } } },
  };
  await put(item);
  assert.deepEqual(await get('types', { ConsistentRead: true }), item);
});

test('projection', async () => {
  await put({ id: { S: 'p' }, name: { S: 'n' }, m: { M: { a: { N: '1' }, b: { N: '2' } } } });
  assert.deepEqual(
    await get('p', { ProjectionExpression: '#n, m.b', ExpressionAttributeNames: { '#n': 'name' } }),
    { name: { S: 'n' }, m: { M: { b: { N: '2' } } } });
});

test('set, remove, add and delete, with each kind of answer', async () => {
  await put({ id: { S: 'u' }, n: { N: '1' }, tags: { SS: ['a', 'b'] }, gone: { S: 'x' } });
  const expression = 'SET n = n + :one, l = list_append(if_not_exists(l, :none), :l) ' +
    'REMOVE gone DELETE tags :a ADD hits :one';
  const values = {
    ':one': { N: '1' }, ':none': { L: [] }, ':l': { L: [{ S: 'x' }] }, ':a': { SS: ['a'] },
  };
  const all = await update('u', expression, values, { ReturnValues: 'ALL_NEW' });
  assert.deepEqual(all.Attributes, {
    id: { S: 'u' }, n: { N: '2' }, tags: { SS: ['b'] }, l: { L: [{ S: 'x' }] }, hits: { N: '1' },
  });
  const step = (ReturnValues) => update('u', 'SET n = n + :one', { ':one': { N: '1' } },
    { ReturnValues });
  assert.deepEqual((await step('UPDATED_OLD')).Attributes, { n: { N: '2' } });
  assert.deepEqual((await step('UPDATED_NEW')).Attributes, { n: { N: '4' } });
  assert.equal((await step('ALL_OLD')).Attributes.n.N, '4');
  assert.equal((await step('NONE')).Attributes, undefined);
  assert.equal((await remove('u', { ReturnValues: 'ALL_OLD' })).Attributes.n.N, '6');
  assert.equal(await get('u'), undefined);
});

const conditional = {
  put: (more) => put({ id: { S: 'c' }, v: { N: '2' } }, more),
  update: (more) => update('c', 'REMOVE v', undefined, more),
  delete: (more) => remove('c', more),
};
for (const [name, write] of Object.entries(conditional)) {
  test(`a failed condition of ${name} returns the item when asked`, async () => {
    const item = { id: { S: 'c' }, v: { N: '1' } };
    await put(item);
    const ConditionExpression = 'attribute_not_exists(id)';
    await assert.rejects(write({ ConditionExpression }), (error) => {
      assert.ok(error instanceof ConditionalCheckFailedException);
      assert.equal(error.message, 'The conditional request failed');
      assert.equal(error.Item, undefined);
      return true;
    });
    await assert.rejects(
      write({ ConditionExpression, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
      (error) => {
        assert.deepEqual(error.Item, item);
        return true;
      });
    assert.deepEqual(await get('c'), item);
  });
}

test('errors keep their names and messages', async () => {
  await assert.rejects(put({ v: { S: 'x' } }), {
    name: 'ValidationException',
    message: 'One or more parameter values were invalid: Missing the key id in the item',
  });
  await assert.rejects(put({ id: { S: 'x' }, v: { S: 'x'.repeat(410_000) } }), {
    name: 'ValidationException', message: 'Item size has exceeded the maximum allowed size',
  });
  await assert.rejects(update('x', 'SET', undefined), { name: 'ValidationException' });
});
