import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { systemClock } from '@medkit/edges/node';
import { openStore } from '@medkit/store';
import { temporaryFolder } from '../../packages/base/store/src/testing/temporary-folder.ts';
import { printSeed, STORM_SEED, scaledStorm } from '../harness/storm.ts';

const KILLS = scaledStorm(60, 6);
/** The same value as in the writer. */
const MAX_RECORDS = 500;
/** Writes of one transaction. */
const MAX_GROUP = 512;
const random = seededRandom(STORM_SEED).float;

/** Lets a writer run until some of its writes were acknowledged, kills it, and returns their numbers. */
async function killedWriter(path: string, first: number, inFlight: number, killAfter: number) {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'storm-writer.ts'), path, `${first}`, `${inFlight}`],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exited = once(child, 'exit');
  const acknowledged: number[] = [];
  for await (const line of createInterface(child.stdout)) {
    if (line === 'open') continue;
    acknowledged.push(Number(line));
    // Reads what it wrote to the pipe before it died.
    if (acknowledged.length === killAfter) child.kill('SIGKILL');
  }
  const [, signal] = await exited;
  assert.equal(signal, 'SIGKILL', 'it ran until it was killed');
  return acknowledged;
}

test('every acknowledged write survives a killed process, and none is incomplete', {
  timeout: 240_000,
}, async (context) => {
  printSeed(context);
  using folder = temporaryFolder();
  const path = join(folder.path, 'storm.db');
  const all: number[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const inFlight = [1, 8, 64][kill % 3];
    const acknowledged = await killedWriter(path, kill * 1_000_000, inFlight, 1 + Math.floor(random() * 400));
    all.push(...acknowledged);
    await using found = await reopened(path);
    assert.equal(found.setAside, undefined, 'the file is sound');
    assert.deepEqual(
      all.filter((write) => !found.whole.has(write)),
      [],
      `kill ${kill}: acknowledged writes that are lost`,
    );
    assert.equal(found.torn, 0, `kill ${kill}: writes of which only a half is there`);
    assert.equal(found.newestId, found.whole.size, `kill ${kill}: one event for each write, numbered without gaps`);
    const { intact, checked, problem } = found.verdict;
    assert.ok(intact, `kill ${kill}: ${problem}`);
    // Excess records are deleted after the writes; the writer may have been killed before that.
    const min = Math.min(found.whole.size, MAX_RECORDS);
    assert.ok(checked >= min && checked <= min + MAX_GROUP, `kill ${kill}: ${checked} records`);
    assert.deepEqual(found.audited, [...found.whole].slice(-checked), `kill ${kill}: records of other writes`);
  }
  assert.ok(all.length > KILLS);
});

async function reopened(path: string) {
  const store = await openStore({
    path,
    clock: systemClock,
    warn: console.error,
    audit: { maxRecords: MAX_RECORDS },
    maxEvents: 500,
  });
  const whole = new Set<number>();
  let torn = 0;
  for (let after = -1; ; ) {
    const rows = await store.read(
      'SELECT write, count(*) AS halves FROM pairs WHERE write > ? GROUP BY write ORDER BY write LIMIT 5000',
      [after],
    );
    for (const { write, halves } of rows) {
      if (halves === 2) whole.add(Number(write));
      else torn += 1;
    }
    if (rows.length === 0) break;
    after = Number(rows.at(-1)?.write);
  }
  const { newestId } = await store.eventsAfter(0, 1);
  const verdict = await store.verifyAudit();
  const records = await store.read('SELECT description FROM audit_log ORDER BY seq');
  return {
    whole,
    audited: records.map(({ description }) => Number(description)),
    torn,
    newestId,
    verdict,
    setAside: store.facts().setAside,
    [Symbol.asyncDispose]: () => store.close(),
  };
}
