// Resource-based policies, which the SDK of Python that the other tests use is too old for.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  DeleteResourcePolicyCommand, DescribeTableCommand, GetResourcePolicyCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-dynamodb';
import { client, createTable } from './clients.js';

function policy(Action) {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{
      Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:user/alice' }, Action, Resource: '*',
    }],
  });
}

async function arnOf(TableName) {
  return (await client.send(new DescribeTableCommand({ TableName }))).Table.TableArn;
}

test('a policy is put, read, changed and deleted', async () => {
  const ResourceArn = await arnOf(await createTable());
  const first = await client.send(new PutResourcePolicyCommand(
    { ResourceArn, Policy: policy('dynamodb:GetItem') }));
  const second = await client.send(new PutResourcePolicyCommand({
    ResourceArn, Policy: policy('dynamodb:Query'), ExpectedRevisionId: first.RevisionId,
  }));
  const kept = await client.send(new GetResourcePolicyCommand({ ResourceArn }));
  assert.deepEqual(JSON.parse(kept.Policy), JSON.parse(policy('dynamodb:Query')));
  assert.equal(kept.RevisionId, second.RevisionId);
  await client.send(new DeleteResourcePolicyCommand({ ResourceArn }));
  await assert.rejects(client.send(new GetResourcePolicyCommand({ ResourceArn })),
    { name: 'PolicyNotFoundException' });
});

test('a table is made with its policy', async () => {
  const ResourceArn = await arnOf(await createTable({ ResourcePolicy: policy('dynamodb:Scan') }));
  const { Policy } = await client.send(new GetResourcePolicyCommand({ ResourceArn }));
  assert.deepEqual(JSON.parse(Policy), JSON.parse(policy('dynamodb:Scan')));
});

test('a revision that is not there and a policy that is none are refused', async () => {
  const ResourceArn = await arnOf(await createTable());
  const put = (more) => client.send(new PutResourcePolicyCommand({ ResourceArn, ...more }));
  await assert.rejects(put({ Policy: policy('dynamodb:GetItem'), ExpectedRevisionId: '1' }),
    { name: 'PolicyNotFoundException' });
  await assert.rejects(put({ Policy: '{' }), { name: 'ValidationException' });
});
