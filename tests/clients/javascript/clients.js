// The SDK's clients for the server at MILLRACE_ENDPOINT, and tables to test with.
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreams } from '@aws-sdk/client-dynamodb-streams';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

// Of every client; the credentials are those of the environment.
export function optionsFor(endpoint, maxAttempts = 1) {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
  return {
    endpoint, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey }, maxAttempts,
  };
}

export function clientsOf(endpoint, maxAttempts = 1) {
  const options = optionsFor(endpoint, maxAttempts);
  return { client: new DynamoDBClient(options), streams: new DynamoDBStreams(options) };
}

export const { client, streams } = clientsOf(process.env.MILLRACE_ENDPOINT);
export const documents = DynamoDBDocumentClient.from(client);

let count = 0;
export async function createTable(more = {}, by = client) {
  const TableName = `js-${process.pid}-${++count}`;
  await by.send(new CreateTableCommand({
    TableName,
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    ...more,
  }));
  await waitUntilTableExists({ client: by, maxWaitTime: 20, minDelay: 1 }, { TableName });
  return TableName;
}
