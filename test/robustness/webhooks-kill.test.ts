import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startProgram } from '../harness/program.ts';

const EVENTS = 10_000;
const SOURCES = 20;
/** Number of arrived events at each kill. */
const KILLS = [500, 3000, 6000, 9000];
/** Maximum number of repeated events after a kill: not yet marked as delivered, or in flight. */
const MAX_AGAIN = 2100;

test('every accepted webhook survives kill -9 and arrives, in the order of its source', {
  timeout: 120_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-webhooks-'));
  const arrived = new Set<number>();
  /** The first arrivals of each source, in order. */
  const bySource = new Map<string, number[]>();
  let requests = 0;
  let onDelivery = (): void => undefined;
  const receiver = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { source, data } = JSON.parse(body);
    requests += 1;
    if (!arrived.has(data)) bySource.set(source, [...(bySource.get(source) ?? []), data]);
    arrived.add(data);
    response.writeHead(204).end();
    onDelivery();
  });
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const arrivals = (wanted: number) =>
    new Promise<void>((resolve) => {
      onDelivery = () => {
        if (arrived.size >= wanted) resolve();
      };
      onDelivery();
    });
  const start = (first: number) =>
    startProgram([folder, url, String(first), String(EVENTS), String(SOURCES)], {
      script: join(import.meta.dirname, 'webhook-outbox.ts'),
    });
  const acceptedOf = (output: string) => Number([...output.matchAll(/accepted (\d+)\n/g)].at(-1)?.[1] ?? 0);
  let program = start(1);
  try {
    let accepted = 0;
    for (const wanted of KILLS) {
      await arrivals(wanted);
      assert.equal(await program.end('SIGKILL'), 'SIGKILL');
      accepted = Math.max(accepted, acceptedOf(program.output()));
      assert.ok(arrived.size < EVENTS, 'it was killed in the middle');
      program = start(accepted + 1);
    }
    await arrivals(EVENTS);
    for (const [source, numbers] of bySource) {
      assert.deepEqual(
        numbers,
        numbers.toSorted((a, b) => a - b),
        source,
      );
    }
    assert.ok(requests - EVENTS <= KILLS.length * MAX_AGAIN, `${requests} requests`);
  } finally {
    await program.end('SIGKILL');
    receiver.closeAllConnections();
    receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
