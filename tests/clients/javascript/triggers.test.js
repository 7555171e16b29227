// Functions, event source mappings and their logs through the SDK.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateAliasCommand, CreateEventSourceMappingCommand, CreateFunctionCommand,
  DeleteEventSourceMappingCommand, DeleteFunctionCommand, GetEventSourceMappingCommand,
  GetFunctionCommand, InvokeCommand, LambdaClient, ListTagsCommand, PublishVersionCommand,
  paginateListFunctions, waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { client, createTable, optionsFor } from './clients.js';

const options = optionsFor(process.env.MILLRACE_ENDPOINT);
const lambda = new LambdaClient(options);
const logs = new CloudWatchLogsClient(options);
const FunctionName = `js-${process.pid}`;
const source = `export const handler = async (event) => {
  for (const record of event.Records ?? []) console.log('RECORD', JSON.stringify(record));
  if (event.fail) throw new RangeError('as asked');
  return { got: event };
};`;

function archive() {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-'));
  try {
    writeFileSync(join(directory, 'index.mjs'), source);
    execFileSync('python3', ['-m', 'zipfile', '-c', 'code.zip', 'index.mjs'], { cwd: directory });
    return readFileSync(join(directory, 'code.zip'));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function eventually(look, secondsMax = 10) {
  const deadline = Date.now() + secondsMax * 1000;
  for (;;) {
    const found = await look();
    if (found || Date.now() > deadline) return found;
    await new Promise((next) => setTimeout(next, 50));
  }
}

before(async () => {
  await lambda.send(new CreateFunctionCommand({
    FunctionName, Runtime: 'nodejs20.x', Handler: 'index.handler',
    Role: 'arn:aws:iam::000000000000:role/test', Code: { ZipFile: archive() },
  }));
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20 }, { FunctionName });
});

after(() => lambda.send(new DeleteFunctionCommand({ FunctionName })));

test('a function is invoked, and its log comes along', async () => {
  const answer = await lambda.send(new InvokeCommand({
    FunctionName, Payload: JSON.stringify({ a: 1 }), LogType: 'Tail',
  }));
  assert.equal(answer.StatusCode, 200);
  assert.deepEqual(JSON.parse(Buffer.from(answer.Payload)), { got: { a: 1 } });
  assert.match(Buffer.from(answer.LogResult, 'base64').toString(), /START.*END.*REPORT/s);
  const failed = await lambda.send(new InvokeCommand({ FunctionName, Payload: '{"fail": true}' }));
  assert.equal(failed.FunctionError, 'Unhandled');
  assert.equal(JSON.parse(Buffer.from(failed.Payload)).errorType, 'RangeError');
});

test('versions, aliases, the link to the code, and what is not there', async () => {
  const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName }));
  await lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: Version }));
  const answer = await lambda.send(new InvokeCommand({ FunctionName, Qualifier: 'live' }));
  assert.equal(answer.ExecutedVersion, Version);
  const { Code } = await lambda.send(new GetFunctionCommand({ FunctionName }));
  const code = Buffer.from(await (await fetch(Code.Location)).arrayBuffer());
  assert.equal(code.subarray(0, 2).toString(), 'PK');
  const names = [];
  for await (const page of paginateListFunctions({ client: lambda, pageSize: 1 }, {})) {
    names.push(...page.Functions.map((each) => each.FunctionName));
  }
  assert.ok(names.includes(FunctionName));
  await assert.rejects(lambda.send(new InvokeCommand({ FunctionName: 'nobody' })), {
    name: 'ResourceNotFoundException',
    message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody',
  });
});

test('a mapping with tags and a filter feeds it', async () => {
  const TableName = await createTable({
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
  });
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  const mapping = await lambda.send(new CreateEventSourceMappingCommand({
    FunctionName, EventSourceArn: Table.LatestStreamArn, StartingPosition: 'LATEST',
    Tags: { team: 'water' }, FilterCriteria: { Filters: [{ Pattern: '{"eventName": ["INSERT"]}' }] },
  }));
  const { Tags } = await lambda.send(new ListTagsCommand({ Resource: mapping.EventSourceMappingArn }));
  assert.deepEqual(Tags, { team: 'water' });
  const UUID = mapping.UUID;
  assert.ok(await eventually(async () =>
    (await lambda.send(new GetEventSourceMappingCommand({ UUID }))).State === 'Enabled'));
  const put = (Item) => client.send(new PutItemCommand({ TableName, Item }));
  await put({ id: { S: 'x' }, bytes: { B: new Uint8Array([1, 2]) }, number: { N: '1.50' } });
  await put({ id: { S: 'x' }, number: { N: '2' } });
  const found = await eventually(async () => {
    const { events } = await logs.send(new FilterLogEventsCommand({
      logGroupName: `/aws/lambda/${FunctionName}`, filterPattern: 'RECORD',
    }));
    return events.length > 0 && events;
  });
  assert.equal(found.length, 1);
  const record = JSON.parse(found[0].message.replace(/.*RECORD /, ''));
  assert.equal(record.eventSourceARN, Table.LatestStreamArn);
  assert.deepEqual(record.dynamodb.NewImage,
    { id: { S: 'x' }, bytes: { B: 'AQI=' }, number: { N: '1.5' } });
  const again = new CreateEventSourceMappingCommand({
    FunctionName, EventSourceArn: Table.LatestStreamArn, StartingPosition: 'LATEST',
  });
  await assert.rejects(lambda.send(again), { name: 'ResourceConflictException' });
  const deleted = await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
  assert.equal(deleted.State, 'Deleting');
});
