import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { memoryFaults } from '@medkit/core/testing';
import { eventually, settled } from '../harness/eventually.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { freePort } from './free-port.ts';
import { realGateway } from './real-gateway.ts';
import { followed } from './stream-client.ts';

const script = join(import.meta.dirname, 'robot-process.ts');
const folder = mkdtempSync(join(tmpdir(), 'medkit-streams-'));
const opened = new Set<() => unknown>();
afterEach(async () => {
  for (const close of [...opened].reverse()) await close();
  opened.clear();
});
after(() => rmSync(folder, { recursive: true, force: true }));

const written = (file: string): number => readFileSync(file, 'utf8').split('\n').length - 1;

async function startYard(file: string, port?: number): Promise<{ readonly program: Program; readonly url: string }> {
  const program = startProgram([String(port ?? (await freePort())), file], { script });
  opened.add(() => program.end('SIGKILL'));
  const [, url = ''] = await program.printed(/listens at (\S+)/);
  return { program, url };
}

async function startHead(url: string, port?: number) {
  const robot = { providers: { faults: memoryFaults() } };
  const config = { aggregation: { fault_copies_mb: 64 } };
  const gateway = await realGateway({ instance: 'head', robot, peers: { yard: url }, ...(port && { port }), config });
  const close = async (): Promise<void> => {
    opened.delete(close);
    await gateway.close();
  };
  opened.add(close);
  const head = { ...gateway, close };
  await eventually('the other gateway', async () => (await head.ask('GET', '/apps/crane')).status === 200);
  return head;
}

/** Follows a head through all disturbances, like a client that reconnects. */
async function client(url: string, file: string) {
  const received: number[] = [];
  let current = await followed(`${url}/api/v1/faults/stream`, '0~yard.0');
  let taken = 0;
  const close = (): void => {
    opened.delete(close);
    current.close();
  };
  opened.add(close);
  const take = (): void => {
    for (const { data } of current.events.slice(taken))
      received.push(Number(JSON.parse(data).fault.fault_code.slice(1)));
    taken = current.events.length;
  };
  return {
    received,
    close,
    /** Disconnects, and reconnects with the id of the last received event. */
    again: async () => {
      take();
      const lastId = current.lastId();
      current.close();
      current = await eventually('the head', () => followed(`${url}/api/v1/faults/stream`, lastId));
      taken = 0;
    },
    hasAll: (what: string) => {
      const upTo = written(file);
      return eventually(what, async () => {
        take();
        return received.length >= upTo;
      });
    },
  };
}

const inOrder = (received: readonly number[]): void =>
  assert.deepEqual(
    received,
    received.map((_, at) => at + 1),
    'nothing twice, nothing missing',
  );

describe('the stream of a gateway whose peer', { timeout: 180_000 }, () => {
  it('is killed, stopped or restarted, and that restarts itself, has every stored event once', async () => {
    const file = join(folder, 'killed');
    const yard = await startYard(file);
    const port = Number(new URL(yard.url).port);
    let head = await startHead(yard.url);
    const headPort = Number(new URL(head.url).port);
    const [staying, coming] = [await client(head.url, file), await client(head.url, file)];
    await staying.hasAll('the begin');

    await yard.program.end('SIGKILL');
    await coming.again();
    let { program } = await startYard(file, port);
    await staying.hasAll('what comes after it was killed');

    process.kill(program.pid, 'SIGSTOP');
    await coming.again();
    process.kill(program.pid, 'SIGCONT');
    await staying.hasAll('what comes after it was stopped');

    for (let times = 0; times < 3; times++) {
      await program.end('SIGKILL');
      ({ program } = await startYard(file, port));
    }
    await eventually('a hundred events', async () => written(file) > 100);
    await staying.hasAll('what comes after it was killed three times');

    await head.close();
    head = await startHead(yard.url, headPort);
    for (const each of [staying, coming]) await each.again();
    await staying.hasAll('what comes after the head was started anew');
    await coming.hasAll('the same');
    inOrder(staying.received);
    inOrder(coming.received);
  });

  it('is opened fifty times leaves no stream open, here or there', async () => {
    const file = join(folder, 'looked-at');
    const yard = await startYard(file);
    const head = await startHead(yard.url);
    const clientsAt = async () => {
      const reply = await fetch(`${yard.url}/api/v1/health`);
      const health = (await reply.json()) as { readonly 'x-medkit-event-streams': { readonly clients: number } };
      return health['x-medkit-event-streams'].clients;
    };
    const before = await settled(clientsAt);
    for (let times = 0; times < 50; times++) {
      const one = await client(head.url, file);
      if (times % 5 === 0) await one.hasAll('the begin');
      one.close();
    }
    await eventually('the end', async () => (await clientsAt()) === before);
    const { clients } = (await head.ask('GET', '/health')).body['x-medkit-event-streams'];
    assert.equal(clients, 0);
  });
});
