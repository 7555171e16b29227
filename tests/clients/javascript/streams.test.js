import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DeleteItemCommand, DescribeTableCommand, PutItemCommand, UpdateItemCommand, UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand, GetRecordsCommand, GetShardIteratorCommand, ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { client, createTable, streams } from './clients.js';

async function streamArn(TableName) {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  return Table.LatestStreamArn;
}

async function describeStream(StreamArn) {
  return (await streams.send(new DescribeStreamCommand({ StreamArn }))).StreamDescription;
}

async function iterator(StreamArn, ShardIteratorType, SequenceNumber) {
  const [{ ShardId }] = (await describeStream(StreamArn)).Shards;
  const answer = await streams.send(new GetShardIteratorCommand({
    StreamArn, ShardId, ShardIteratorType, SequenceNumber,
  }));
  return answer.ShardIterator;
}

const records = (ShardIterator) => streams.send(new GetRecordsCommand({ ShardIterator }));

async function streamedTable(StreamViewType) {
  const TableName = await createTable({
    StreamSpecification: { StreamEnabled: true, StreamViewType },
  });
  return { TableName, arn: await streamArn(TableName) };
}

async function changeThrice(TableName) {
  const Key = { id: { S: 'a' } };
  await client.send(new PutItemCommand({ TableName, Item: { ...Key, v: { N: '1' } } }));
  await client.send(new UpdateItemCommand({
    TableName, Key, UpdateExpression: 'SET v = :v', ExpressionAttributeValues: { ':v': { N: '2' } },
  }));
  await client.send(new DeleteItemCommand({ TableName, Key }));
}

const one = { id: { S: 'a' }, v: { N: '1' } };
const two = { id: { S: 'a' }, v: { N: '2' } };
const images = {
  KEYS_ONLY: [[], [], []],
  NEW_IMAGE: [[undefined, one], [undefined, two], []],
  OLD_IMAGE: [[], [one], [two]],
  NEW_AND_OLD_IMAGES: [[undefined, one], [one, two], [two]],
};
for (const [view, expected] of Object.entries(images)) {
  test(`records of ${view}`, async () => {
    const { TableName, arn } = await streamedTable(view);
    await changeThrice(TableName);
    const { Records } = await records(await iterator(arn, 'TRIM_HORIZON'));
    assert.deepEqual(Records.map((r) => r.eventName), ['INSERT', 'MODIFY', 'REMOVE']);
    Records.forEach(({ dynamodb }, index) => {
      assert.deepEqual(dynamodb.OldImage, expected[index][0]);
      assert.deepEqual(dynamodb.NewImage, expected[index][1]);
      assert.deepEqual(dynamodb.Keys, { id: { S: 'a' } });
      assert.equal(dynamodb.StreamViewType, view);
      assert.ok(dynamodb.ApproximateCreationDateTime instanceof Date);
    });
  });
}

test('each iterator type starts where it says', async () => {
  const { TableName, arn } = await streamedTable('NEW_IMAGE');
  const latest = await iterator(arn, 'LATEST');
  await changeThrice(TableName);
  const all = (await records(latest)).Records;
  assert.equal(all.length, 3);
  const second = all[1].dynamodb.SequenceNumber;
  assert.deepEqual((await records(await iterator(arn, 'AT_SEQUENCE_NUMBER', second))).Records,
    all.slice(1));
  assert.deepEqual((await records(await iterator(arn, 'AFTER_SEQUENCE_NUMBER', second))).Records,
    all.slice(2));
});

test('a stream is listed, disabled, closed and still read', async () => {
  const { TableName, arn } = await streamedTable('NEW_AND_OLD_IMAGES');
  await changeThrice(TableName);
  const listed = await streams.send(new ListStreamsCommand({ TableName }));
  assert.deepEqual(listed.Streams.map((s) => s.StreamArn), [arn]);
  await client.send(new UpdateTableCommand({
    TableName, StreamSpecification: { StreamEnabled: false },
  }));
  const closed = await describeStream(arn);
  assert.match(closed.StreamStatus, /^DISABL(ING|ED)$/);
  assert.ok(closed.Shards[0].SequenceNumberRange.EndingSequenceNumber);
  let next = await iterator(arn, 'TRIM_HORIZON');
  let count = 0;
  for (let page = 0; next && page < 5; page += 1) {
    const answer = await records(next);
    count += answer.Records.length;
    next = answer.NextShardIterator;
  }
  assert.deepEqual([count, next], [3, undefined]);
});

test('an unknown stream', async () => {
  const StreamArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/none/stream/' +
    '2024-01-01T00:00:00.000';
  await assert.rejects(describeStream(StreamArn), {
    name: 'ResourceNotFoundException',
    message: `Requested resource not found: Stream: ${StreamArn} not found`,
  });
});
