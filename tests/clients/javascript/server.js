// A server of a test's own, for a test that starts it with options or restarts it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const release = fileURLToPath(new URL('../../../build/release/millrace', import.meta.url));
const binary = process.env.MILLRACE_BINARY ?? release;

export class Server {
  // `options` follow `millrace serve --data DIRECTORY`. The port is the same after a restart.
  constructor(directory, ...options) {
    this.arguments = ['serve', '--data', directory, '--log-level', 'off', ...options];
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

  // One of the server's own operations.
  async call(operation, request) {
    const response = await fetch(this.endpoint, {
      method: 'POST',
      body: JSON.stringify(request),
      headers: {
        'Content-Type': 'application/x-amz-json-1.0',
        'X-Amz-Target': `Millrace_20261101.${operation}`,
      },
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${operation}: ${JSON.stringify(answer)}`);
    return answer;
  }
}
