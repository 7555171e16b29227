// A server whose shards roll over each second, and a table whose items change while its partitions
// split and the server restarts: what a consumer of its stream must live with.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteItemCommand, DescribeTableCommand, PutItemCommand, UpdateItemCommand, UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { clientsOf, createTable } from './clients.js';
import { Server } from './server.js';

const ITEMS = 12;
const ROUNDS = 40;
const PAUSE_MILLISECONDS = 100;

export class ChangingStream {
  // Per item id what its records must be, in order: [eventName, version in the new image].
  expected = new Map();

  static async start() {
    const stream = new ChangingStream();
    stream.directory = await mkdtemp(join(tmpdir(), 'millrace-'));
    stream.server = new Server(stream.directory, '--streams-shard-max-age-seconds', '1');
    await stream.server.start();
    Object.assign(stream, clientsOf(stream.server.endpoint));
    stream.TableName = await createTable({
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }, stream.client);
    const { Table } = await stream.client.send(
      new DescribeTableCommand({ TableName: stream.TableName }));
    stream.arn = Table.LatestStreamArn;
    return stream;
  }

  // All the changes; then the stream is disabled, so that its shards and their readers end.
  async change() {
    for (let round = 1; round <= ROUNDS; round += 1) {
      if (round === 8 || round === 24) {
        await this.server.call('SplitTable', { TableName: this.TableName });
      }
      if (round === 16) await this.server.restart('SIGTERM');
      if (round === 32) await this.server.restart('SIGKILL');
      for (let item = 0; item < ITEMS; item += 1) await this.changeItem(`item ${item}`, round);
      await sleep(PAUSE_MILLISECONDS);
    }
    await this.client.send(new UpdateTableCommand({
      TableName: this.TableName, StreamSpecification: { StreamEnabled: false },
    }));
  }

  async changeItem(id, version) {
    const { TableName } = this;
    const records = this.expected.get(id) ?? [];
    this.expected.set(id, records);
    const Key = { id: { S: id } };
    const there = records.length > 0 && records.at(-1)[0] !== 'REMOVE';
    if (there && version % 7 === 0) {
      await this.client.send(new DeleteItemCommand({ TableName, Key }));
      records.push(['REMOVE', undefined]);
      return;
    }
    const N = String(version);
    if (there && version % 2 === 0) {
      await this.client.send(new UpdateItemCommand({
        TableName, Key, UpdateExpression: 'SET v = :v', ExpressionAttributeValues: { ':v': { N } },
      }));
    } else {
      await this.client.send(new PutItemCommand({ TableName, Item: { ...Key, v: { N } } }));
    }
    records.push([there ? 'MODIFY' : 'INSERT', version]);
  }

  // The shards so far, and whether the stream has ended.
  async describe(streams = this.streams) {
    const shards = [];
    let ExclusiveStartShardId;
    for (;;) {
      const { StreamDescription } = await streams.describeStream({
        StreamArn: this.arn, ExclusiveStartShardId, Limit: 7,
      });
      shards.push(...StreamDescription.Shards);
      ExclusiveStartShardId = StreamDescription.LastEvaluatedShardId;
      if (!ExclusiveStartShardId) {
        return { shards, ended: StreamDescription.StreamStatus === 'DISABLED' };
      }
    }
  }

  // Readers stop, too: a test that has failed would else wait for them.
  async end() {
    this.over = true;
    await this.server.end('SIGTERM');
    await rm(this.directory, { recursive: true });
  }
}
