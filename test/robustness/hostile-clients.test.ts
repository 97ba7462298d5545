import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Program, startProgram } from '../harness/program.ts';

/**
 * Maximum slowdown of another client during an attack. Load on the machine slows some rounds as well, so one good round
 * is enough: a successful attack affects every round.
 */
const MAX_RATIO = 3;
/** Lower bound of the idle p99: pauses of this length come from the machine. */
const LEAST_IDLE_MS = 4;
const ROUNDS = 5;
const REQUESTS = 200;
/** A client that waits longer than this is locked out. */
const PATIENCE_MS = 5000;
const MAX_GROWTH_MB = 250;

const folder = mkdtempSync(join(tmpdir(), 'medkit-hostile-'));
let gateway: Program;
let port = '';

before(async () => {
  gateway = startProgram([folder], { script: join(import.meta.dirname, 'lock-gateway.ts') });
  [, port = ''] = await gateway.printed(/listening \S+:(\d+)/);
});
after(async () => {
  await gateway.end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Requests the health of the gateway once on a new connection; returns milliseconds. */
function askHealth(): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const outgoing = request({ port, host: '127.0.0.1', path: '/api/v1/health', agent: false, timeout: PATIENCE_MS });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer in ${PATIENCE_MS} ms`))).on('error', reject);
    outgoing.on('response', (reply) => {
      assert.equal(reply.statusCode, 200);
      reply.resume().on('end', () => resolve(performance.now() - startedAt));
    });
    outgoing.end();
  });
}

async function p99OfHealth(): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < REQUESTS; index += 1) times.push(await askHealth());
  return times.sort((a, b) => a - b)[Math.floor(REQUESTS * 0.99) - 1] as number;
}

function residentMb(): number {
  const [, kb] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gateway.pid}/status`, 'utf8')) ?? [];
  return Number(kb) / 1024;
}

async function attacked(attack: 'silent' | 'json'): Promise<void> {
  const ratios: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const idleMs = await p99OfHealth();
    const attacker = startProgram([attack, port], { script: join(import.meta.dirname, 'hostile-client.ts') });
    try {
      const meanwhileMs = await p99OfHealth();
      await attacker.printed(/done/, 120_000);
      const afterwardsMs = await p99OfHealth();
      if (Math.max(meanwhileMs, afterwardsMs) <= MAX_RATIO * Math.max(idleMs, LEAST_IDLE_MS)) return;
      ratios.push(`${idleMs.toFixed(1)} ms, then ${meanwhileMs.toFixed(1)} and ${afterwardsMs.toFixed(1)} ms`);
    } finally {
      await attacker.end('SIGKILL');
    }
  }
  assert.fail(`p99 of another client in each round: ${ratios.join('; ')}`);
}

test('5,000 silent connections do not block other clients', { timeout: 280_000 }, async () => {
  await attacked('silent');
});

test('16 MiB of hostile JSON delay no other client, and take no memory', { timeout: 280_000 }, async () => {
  const before = residentMb();
  await attacked('json');
  assert.ok(residentMb() - before < MAX_GROWTH_MB, `${before.toFixed(0)} MB, then ${residentMb().toFixed(0)} MB`);
});
