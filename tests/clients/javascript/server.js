// A server of a test's own, for a test that starts it with options or restarts it. It is in the mode
// of the environment that ../run makes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { clientsOf } from './clients.js';

const release = fileURLToPath(new URL('../../../build/release/millrace', import.meta.url));
const binary = process.env.MILLRACE_BINARY ?? release;
const modeOptions = process.env.MILLRACE_TEST_AUTH === '1' ? ['--auth'] : [];

export class Server {
  // `options` follow `millrace serve --data DIRECTORY`. The port is the same after a restart.
  constructor(directory, ...options) {
    this.arguments = ['serve', '--data', directory, '--log-level', 'off', ...modeOptions, ...options];
    this.listen = '127.0.0.1:0';
  }

  async start() {
    this.process = spawn(binary, [...this.arguments, '--listen', this.listen],
      { stdio: ['ignore', 'pipe', 'inherit'] });
    this.ended = once(this.process, 'exit');
    let said = '';
    for await (const chunk of this.process.stdout.iterator({ destroyOnReturn: false })) {
      said += chunk;
      const match = /^listening on http:\/\/(\S+)$/m.exec(said);
      if (match) {
        [, this.listen] = match;
        this.process.stdout.resume();
        return this;
      }
    }
    throw new Error(`the server did not start: ${said}`);
  }

  get endpoint() {
    return `http://${this.listen}`;
  }

  async end(signal) {
    this.process.kill(signal);
    await this.ended;
  }

  async restart(signal) {
    await this.end(signal);
    await this.start();
  }

  // One of the server's own operations, in the guise of one that the SDK knows, so that it is signed.
  async call(operation, request) {
    const command = new ListTablesCommand({});
    command.middlewareStack.add((next) => (args) => {
      args.request.headers['x-amz-target'] = `Millrace_20261101.${operation}`;
      args.request.body = JSON.stringify(request);
      return next(args);
    }, { step: 'build', priority: 'high' });
    const { client } = clientsOf(this.endpoint);
    try {
      return await client.send(command);
    } finally {
      client.destroy();
    }
  }
}
