import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { HttpStreamRequest } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import type { IngestPart } from '@medkit/fleet';
import { catchUpTurns } from './catch-up-turns.ts';
import { followRobot } from './follow-robot.ts';
import { readRates } from './read-rates.ts';

/** Records of one page, as a robot answers them. */
const PAGE = 1000;
const STATE = {
  ...{ log: 'log', hash: '', removed: 0, boot: 1, at_ms: 1, mono_ms: 1, tree_etag: '', faults: [] },
  ...{ more_faults: 0, hubs: [] },
};

describe('the reader of one robot', () => {
  /** A robot whose log has `newest` records. */
  async function setUp(newest: number) {
    const clock = new SimulatedClock();
    const parts: { readonly atMs: number; readonly records: number }[] = [];
    const ended = new AbortController();
    const open = async ({ url, method }: HttpStreamRequest) => {
      const { pathname, searchParams } = new URL(url);
      const after = Number(searchParams.get('after'));
      const lines = (): string =>
        Array.from(
          { length: Math.min(PAGE, newest - after) },
          (_, at) => `{"seq":${after + at + 1},"kind":"x"}\n`,
        ).join('');
      const text = pathname.endsWith('/state') ? JSON.stringify({ ...STATE, newest }) : method === 'PUT' ? '' : lines();
      // As a robot without further records: the reply stays open.
      if (pathname.endsWith('/log') && after >= newest) await new Promise(() => undefined);
      const body = (async function* () {
        if (text !== '') yield Buffer.from(text);
      })();
      return { status: 200, headers: {}, body, close: () => undefined };
    };
    const unused = { open: () => Promise.reject(new Error('unused')) };
    const following = followRobot({
      session: {
        ...{ robot: 'amr-1', epoch: 1, hello: undefined as never, address: '', gateway: unused, files: unused },
        ...{ uplink: { open }, signal: ended.signal, destroy: () => undefined },
      },
      fleet: {
        identity: { fingerprint: 'HUB' } as never,
        storeState: async () => ({ outcome: 'stored', seq: undefined }),
      },
      ingest: async ({ records }: IngestPart) => {
        parts.push({ atMs: clock.monotonicMs(), records: records.length });
        return 'stored';
      },
      turns: catchUpTurns(clock),
      onReopened: () => () => undefined,
      rates: readRates(clock, () => undefined),
      clock,
      random: { float: () => 0 },
      log: () => undefined,
    });
    /** Lets time pass in steps in which the reader does what it can. */
    const pass = async (ms: number): Promise<void> => {
      for (let step = 0; step < ms; step += 100) {
        for (let turn = 0; turn < 200; turn += 1) await setImmediate();
        clock.advance(100);
      }
    };
    const total = (): number => parts.reduce((sum, { records }) => sum + records, 0);
    const end = async (): Promise<void> => {
      ended.abort();
      await Promise.race([following, setImmediate()]);
    };
    return { parts, pass, total, end };
  }

  it('hands over at most 200 records together', async () => {
    const { parts, pass, end } = await setUp(450);
    await pass(100);
    assert.deepEqual(
      parts.map(({ records }) => records),
      [200, 200, 50],
    );
    await end();
  });

  it('reads 2,000 records a second of a backlog, and all of it', async () => {
    const { parts, pass, total, end } = await setUp(9500);
    await pass(2000);
    const first = total();
    assert.ok(first >= 5000 && first <= 7000, `${first} records in 2 s`);
    await pass(3000);
    assert.equal(total(), 9500);
    assert.ok(parts.at(-1)!.atMs >= 3000);
    await end();
  });
});
