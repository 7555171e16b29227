// Consumer libraries of DynamoDB Streams, as they are on npm, across rolled over shards, split
// partitions and restarts of the server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import DynamoDBStream from 'dynamodb-stream';
import readShard from 'dynamodb-streams-readable';
import { ChangingStream } from './changing_stream.js';
import { clientsOf } from './clients.js';

const POLL_MILLISECONDS = 10;
const SECONDS_MAX = 60;

// Reads the stream with one dynamodb-streams-readable a shard, children after their parents.
async function walkLineage(changing) {
  const records = [];
  const begun = new Set();
  const ended = new Set();
  const read = (shardId, startAfter) => {
    if (changing.over) return;
    let last = startAfter;
    const options = { shardId, limit: 50, readInterval: 5, ...(last && { startAfter: last }) };
    readShard(changing.streams, changing.arn, options)
      .on('checkpoint', (sequenceNumber) => { last = sequenceNumber; })
      .on('data', (page) => records.push(...page))
      .on('error', () => setTimeout(read, 50, shardId, last))  // the server restarts
      .on('end', () => ended.add(shardId));
  };
  while (!changing.over) {
    const found = await changing.describe().catch(() => null);
    if (found) {
      const ids = new Set(found.shards.map((shard) => shard.ShardId));
      if (found.ended && ids.size === ended.size) return { records, shards: found.shards };
      const free = found.shards.filter(({ ShardId, ParentShardId }) =>
        !begun.has(ShardId) && (!ids.has(ParentShardId) || ended.has(ParentShardId)));
      for (const { ShardId } of free) {
        begun.add(ShardId);
        read(ShardId);
      }
    }
    await sleep(POLL_MILLISECONDS);
  }
  throw new Error('the stream was not read to its end');
}

function assertLineage(shards) {
  const children = (id) => shards.filter((shard) => shard.ParentShardId === id).length;
  const counts = shards.map((shard) => children(shard.ShardId));
  assert.ok(counts.includes(1), 'no shard rolled over');
  assert.ok(counts.includes(2), 'no shard was split');
  assert.equal(children(undefined), 1, 'one shard, the first, has no parent');
}

test('dynamodb-streams-readable sees each change once, in the order of its item',
  { timeout: SECONDS_MAX * 1000 }, async (context) => {
    const changing = await ChangingStream.start();
    context.after(() => changing.end());
    const [{ records, shards }] = await Promise.all([walkLineage(changing), changing.change()]);
    assertLineage(shards);
    assert.equal(new Set(records.map((record) => record.eventID)).size, records.length);
    const found = new Map();
    for (const { eventName, dynamodb } of records) {
      const version = dynamodb.NewImage && Number(dynamodb.NewImage.v.N);
      const id = dynamodb.Keys.id.S;
      found.set(id, [...(found.get(id) ?? []), [eventName, version]]);
    }
    assert.deepEqual(new Map([...found].sort()), new Map([...changing.expected].sort()));
  });

// A replica of the table kept by dynamodb-stream, which every few fetches begins again from its
// saved state. An error in the library ends the process, so the SDK outlasts the server's restarts.
class Replica {
  items = new Map();
  changes = new Map();
  shardsBegun = new Set();
  shardsUnread = new Set();

  constructor(changing) {
    this.changing = changing;
    this.streams = clientsOf(changing.server.endpoint, 20).streams;
  }

  begin(saved) {
    this.library = new DynamoDBStream(this.streams, this.changing.arn, unmarshall);
    this.library.setShardState(JSON.parse(saved));
    this.library.on('insert record', (item, key) => this.change('INSERT', key, undefined, item));
    this.library.on('modify record', (item, old, key) => this.change('MODIFY', key, old, item));
    this.library.on('remove record', (old, key) => this.change('REMOVE', key, old, undefined));
    this.library.on('remove shards', (ids) => ids.forEach((id) => this.shardsUnread.delete(id)));
  }

  change(eventName, { id }, old, item) {
    assert.deepEqual(this.items.get(id), old, `the old image in ${eventName} of ${id}`);
    this.items.set(id, item);
    this.changes.set(id, [...(this.changes.get(id) ?? []), [eventName, item?.v]]);
  }

  // The library begins new shards at LATEST; a replica from the beginning needs all of them.
  async fetch() {
    await this.library.fetchStreamShards();
    const state = this.library.getShardState();
    for (const ShardId of Object.keys(state).filter((id) => !this.shardsBegun.has(id))) {
      const { ShardIterator } = await this.streams.getShardIterator({
        StreamArn: this.changing.arn, ShardId, ShardIteratorType: 'TRIM_HORIZON',
      });
      state[ShardId].nextShardIterator = ShardIterator;
      this.shardsBegun.add(ShardId);
      this.shardsUnread.add(ShardId);
    }
    this.library.setShardState(state);
    await this.library.fetchStreamRecords();
  }

  async follow() {
    this.begin('{}');
    for (let fetches = 1; !this.changing.over; fetches += 1) {
      const { ended } = await this.changing.describe(this.streams);
      await this.fetch();
      if (ended && this.shardsUnread.size === 0) return;
      if (fetches % 5 === 0) this.begin(JSON.stringify(this.library.getShardState()));
      await sleep(POLL_MILLISECONDS);
    }
  }
}

test('dynamodb-stream keeps a replica, begun again and again from its saved state',
  { timeout: SECONDS_MAX * 1000 }, async (context) => {
    const changing = await ChangingStream.start();
    context.after(() => changing.end());
    const replica = new Replica(changing);
    await Promise.all([replica.follow(), changing.change()]);
    assert.deepEqual(new Map([...replica.changes].sort()), new Map([...changing.expected].sort()));
  });
