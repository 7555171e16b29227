// Indexes, transactions, PartiQL, TTL and paginators through the SDK.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import {
  DescribeTimeToLiveCommand, UpdateTableCommand, UpdateTimeToLiveCommand, DescribeTableCommand,
} from '@aws-sdk/client-dynamodb';
import {
  ExecuteStatementCommand, ExecuteTransactionCommand, PutCommand, QueryCommand,
  TransactGetCommand, TransactWriteCommand, paginateQuery, paginateScan,
} from '@aws-sdk/lib-dynamodb';
import { client, createTable, documents } from './clients.js';

let TableName;
before(async () => {
  TableName = await createTable({
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' }, { AttributeName: 'team', AttributeType: 'S' },
      { AttributeName: 'score', AttributeType: 'N' },
    ],
    GlobalSecondaryIndexes: [{
      IndexName: 'by-team', Projection: { ProjectionType: 'ALL' },
      KeySchema: [{ AttributeName: 'team', KeyType: 'HASH' },
        { AttributeName: 'score', KeyType: 'RANGE' }],
    }],
  });
  for (let score = 0; score < 20; score += 1) {
    const Item = { id: `p${score}`, team: score % 2 ? 'odd' : 'even', score };
    await documents.send(new PutCommand({ TableName, Item }));
  }
});

const byTeam = () => ({
  TableName, IndexName: 'by-team', KeyConditionExpression: 'team = :t',
  ExpressionAttributeValues: { ':t': 'odd' },
});

test('a query of an index, in pages', async () => {
  const scores = [];
  let pages = 0;
  for await (const page of paginateQuery({ client: documents, pageSize: 3 }, byTeam())) {
    scores.push(...page.Items.map((item) => item.score));
    pages += 1;
  }
  assert.deepEqual(scores, [1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
  assert.ok(pages >= 4);
  const last = await documents.send(new QueryCommand({
    ...byTeam(), ScanIndexForward: false, Limit: 1,
  }));
  assert.equal(last.Items[0].score, 19);
});

test('a parallel scan of an index', async () => {
  const ids = new Set();
  for (let Segment = 0; Segment < 4; Segment += 1) {
    const request = { TableName, IndexName: 'by-team', Segment, TotalSegments: 4 };
    for await (const page of paginateScan({ client: documents, pageSize: 2 }, request)) {
      for (const item of page.Items) {
        assert.ok(!ids.has(item.id));
        ids.add(item.id);
      }
    }
  }
  assert.equal(ids.size, 20);
});

test('transactions', async () => {
  await documents.send(new TransactWriteCommand({ TransactItems: [
    { Put: { TableName, Item: { id: 't1', balance: 10 } } },
    { Put: { TableName, Item: { id: 't2', balance: 0 } } },
  ] }));
  const transfer = (amount) => new TransactWriteCommand({ TransactItems: [
    { Update: {
      TableName, Key: { id: 't1' }, UpdateExpression: 'SET balance = balance - :a',
      ConditionExpression: 'balance >= :a', ExpressionAttributeValues: { ':a': amount },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } },
    { Update: {
      TableName, Key: { id: 't2' }, UpdateExpression: 'SET balance = balance + :a',
      ExpressionAttributeValues: { ':a': amount },
    } },
  ] });
  await documents.send(transfer(4));
  await assert.rejects(documents.send(transfer(7)), (error) => {
    assert.equal(error.name, 'TransactionCanceledException');
    assert.deepEqual(error.CancellationReasons.map((r) => r.Code),
      ['ConditionalCheckFailed', 'None']);
    return true;
  });
  const read = await documents.send(new TransactGetCommand({ TransactItems: ['t1', 't2'].map(
    (id) => ({ Get: { TableName, Key: { id } } }),
  ) }));
  assert.deepEqual(read.Responses.map((r) => r.Item.balance), [6, 4]);
});

test('PartiQL', async () => {
  await documents.send(new ExecuteStatementCommand({
    Statement: `INSERT INTO "${TableName}" VALUE {'id': ?, 'tags': <<'a', 'b'>>}`,
    Parameters: ['sql'],
  }));
  const selected = await documents.send(new ExecuteStatementCommand({
    Statement: `SELECT id, tags FROM "${TableName}" WHERE id = 'sql'`,
  }));
  assert.deepEqual(selected.Items, [{ id: 'sql', tags: new Set(['a', 'b']) }]);
  await documents.send(new ExecuteTransactionCommand({ TransactStatements: [
    { Statement: `UPDATE "${TableName}" SET n = 1 WHERE id = 'sql'` },
    { Statement: `INSERT INTO "${TableName}" VALUE {'id': 'sql2'}` },
  ] }));
  const index = await documents.send(new ExecuteStatementCommand({
    Statement: `SELECT score FROM "${TableName}"."by-team" WHERE team = 'odd' AND score > 15`,
  }));
  assert.deepEqual(index.Items, [{ score: 17 }, { score: 19 }]);
});

test('an index is added and removed', async () => {
  await client.send(new UpdateTableCommand({
    TableName, AttributeDefinitions: [{ AttributeName: 'score', AttributeType: 'N' }],
    GlobalSecondaryIndexUpdates: [{ Create: {
      IndexName: 'by-score', Projection: { ProjectionType: 'KEYS_ONLY' },
      KeySchema: [{ AttributeName: 'score', KeyType: 'HASH' }],
    } }],
  }));
  const described = async () => (await client.send(new DescribeTableCommand({ TableName })))
    .Table.GlobalSecondaryIndexes.find((index) => index.IndexName === 'by-score');
  for (let i = 0; (await described()).IndexStatus !== 'ACTIVE'; i += 1) {
    assert.ok(i < 200);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  const found = await documents.send(new QueryCommand({
    TableName, IndexName: 'by-score', KeyConditionExpression: 'score = :s',
    ExpressionAttributeValues: { ':s': 7 },
  }));
  assert.deepEqual(found.Items, [{ id: 'p7', score: 7 }]);
  await client.send(new UpdateTableCommand({
    TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-score' } }],
  }));
  assert.equal(await described(), undefined);
});

test('time to live', async () => {
  await client.send(new UpdateTimeToLiveCommand({
    TableName, TimeToLiveSpecification: { AttributeName: 'until', Enabled: true },
  }));
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  assert.equal(TimeToLiveDescription.AttributeName, 'until');
});
