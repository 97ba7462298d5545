import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import type { Declaration } from '@medkit/ingest';
import { CHECKPOINT_INTERVAL_MS, sessionCheckpoint } from './session-checkpoint.ts';
import { sessionFile } from './session-file.ts';

const PATH = '/data/island.json';
const DECLARATION: Declaration = { runtime: 'RTMaps', components: [], apps: [] };
const MARK = { session: 2n ** 60n + 1n, timeUs: 35_333_591_782n, occurrences: [1, 0] };
const KEY = new Uint8Array(32).fill(7);

function play() {
  const files = new MemoryFiles();
  const lines: string[] = [];
  const open = (key = KEY) => sessionFile({ path: PATH, files, key, log: (_, line) => lines.push(line) });
  return { files, lines, open };
}

describe('the file of a session', () => {
  it('has the stored content, exact', async () => {
    const { open } = play();
    assert.equal(await open().read(), undefined);
    await open().keep({ declaration: DECLARATION, mark: MARK, isLast: true });
    assert.deepEqual(await open().read(), { declaration: DECLARATION, mark: MARK, isLast: true });
  });

  it('has no checkpoint for another key: with a new one a runtime may start again', async () => {
    const { open } = play();
    await open().keep({ declaration: DECLARATION, mark: MARK, isLast: true });
    const other = open(new Uint8Array(32));
    assert.deepEqual(await other.read(), { declaration: DECLARATION, isLast: false });
  });

  it('is logged and ignored if it is damaged', async () => {
    const { files, lines, open } = play();
    for (const text of ['{', '{"key": 1}', '[]', '{"declaration": {"runtime": 7}}']) {
      await files.replaceText(PATH, text);
      assert.equal(await open().read(), undefined);
    }
    assert.equal(lines.length, 4);
    assert.match(lines[0] ?? '', /cannot read .* from \/data\/island\.json/);
  });

  it('is written with only the newest content that arrived during the previous write', async () => {
    const written: string[] = [];
    const open = Promise.withResolvers<void>();
    const files = {
      readText: async () => written.at(-1),
      replaceText: (_: string, text: string) => {
        written.push(text);
        return open.promise;
      },
    };
    const file = sessionFile({ path: PATH, files, key: KEY, log: () => undefined });
    const keep = (timeUs: bigint) => file.keep({ declaration: DECLARATION, mark: { ...MARK, timeUs }, isLast: false });
    const first = keep(1n);
    await new Promise((resolve) => setImmediate(resolve));
    const others = Array.from({ length: 1000 }, (_, at) => keep(BigInt(at + 2)));
    open.resolve();
    assert.deepEqual(new Set(await Promise.all([first, ...others])), new Set([true]));
    assert.equal(written.length, 2);
    assert.equal((await file.read())?.mark?.timeUs, 1001n);
  });

  it('that cannot be written is logged once for each reason', async () => {
    const lines: string[] = [];
    const files = { readText: async () => undefined, replaceText: () => Promise.reject(new Error('the disk is full')) };
    const file = sessionFile({ path: PATH, files, key: KEY, log: (_, line) => lines.push(line) });
    const session = { declaration: DECLARATION, mark: MARK, isLast: false };
    assert.deepEqual([await file.keep(session), await file.keep(session)], [false, false]);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /the disk is full/);
  });
});

describe('a fresh message', () => {
  const begin = async (before: Awaited<ReturnType<ReturnType<typeof sessionFile>['read']>>) => {
    const { open } = play();
    const clock = new SimulatedClock();
    const current = { declaration: DECLARATION, mark: MARK };
    const mark = sessionCheckpoint({ file: open(), before, clock, now: () => current });
    return { clock, mark, open };
  };

  it('does not exist until the start of the session is stored on disk', async () => {
    const { clock, mark } = await begin(undefined);
    assert.equal(mark.isFresh(1n, 1n), false);
    mark.keep();
    await clock.advanceAsync(1);
    assert.equal(mark.isFresh(1n, 1n), true);
  });

  it('after a gateway was killed is only one that cannot have arrived before the kill', async () => {
    const { clock, mark } = await begin({ declaration: DECLARATION, mark: MARK, isLast: false });
    mark.keep();
    await clock.advanceAsync(1);
    const doubtUs = BigInt(2 * CHECKPOINT_INTERVAL_MS) * 1000n;
    assert.equal(mark.isFresh(MARK.session, MARK.timeUs + doubtUs), false);
    assert.equal(mark.isFresh(MARK.session, MARK.timeUs + doubtUs + 1n), true);
    assert.equal(mark.isFresh(MARK.session + 1n, 0n), true);
  });

  it('stays in doubt after an orderly end without any message beyond the checkpoint', async () => {
    const { mark, open } = await begin({ declaration: DECLARATION, mark: MARK, isLast: false });
    await mark.close();
    assert.equal((await open().read())?.isLast, false);
    const after = await begin({ declaration: DECLARATION, mark: MARK, isLast: true });
    await after.mark.close();
    assert.equal((await after.open().read())?.isLast, true);
  });

  it('is any message after the checkpoint of a session that ended in order', async () => {
    const { clock, mark } = await begin({ declaration: DECLARATION, mark: MARK, isLast: true });
    mark.keep();
    await clock.advanceAsync(1);
    assert.equal(mark.isFresh(MARK.session, MARK.timeUs + 1n), true);
    await mark.close();
    assert.equal(clock.timers, 0);
  });
});
