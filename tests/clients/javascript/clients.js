// The SDK's clients for the server at MILLRACE_ENDPOINT, and tables to test with.
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

const options = {
  endpoint: process.env.MILLRACE_ENDPOINT,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
};
export const client = new DynamoDBClient(options);
export const streams = new DynamoDBStreamsClient(options);
export const documents = DynamoDBDocumentClient.from(client);

let count = 0;
export async function createTable(more = {}) {
  const TableName = `js-${process.pid}-${++count}`;
  await client.send(new CreateTableCommand({
    TableName,
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    ...more,
  }));
  await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1 }, { TableName });
  return TableName;
}
