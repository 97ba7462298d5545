import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HOUR_MS } from '../fleet-context.ts';
import { followRuns, type RobotRun, type TimedRecord } from './robot-runs.ts';

/** A record at this time since an arbitrary hour, this long after the start. */
const at = (atMs: number, monoMs: number, { boot = 1, kind = 'boot', body = {} as object } = {}): TimedRecord => ({
  record: { seq: 1, kind, atMs, boot, monoMs, hash: '', bodyText: '', body },
  atMs: 1000 * HOUR_MS + atMs,
});
const inventory = (software: string) => ({ kind: 'inventory', body: { medkit: '0.3.0', software } });
const known = (ranMs: number, version?: string): RobotRun => ({
  boot: 1,
  medkit: '0.3.0',
  version,
  ranMs: 1000 * HOUR_MS + ranMs,
});
const hours = (records: readonly TimedRecord[], run?: RobotRun) =>
  followRuns(records, run).hours.map(({ hour, version, ms }) => [hour - 1000, version, ms]);

describe('the running time of a robot', () => {
  it('is divided at full hours', () => {
    assert.deepEqual(hours([at(HOUR_MS + 600_000, HOUR_MS + 500_000)]), [
      [0, undefined, HOUR_MS - 100_000],
      [1, undefined, 600_000],
    ]);
  });

  it('is added once, also if records are read again', () => {
    const first = followRuns([at(1_000_000, 1_000_000)], undefined);
    assert.equal(first.run?.ranMs, 1000 * HOUR_MS + 1_000_000);
    assert.deepEqual(hours([at(1_000_000, 1_000_000)], first.run), []);
    assert.deepEqual(hours([at(1_500_000, 1_500_000)], first.run), []);
    assert.deepEqual(hours([at(1_700_000, 1_700_000)], first.run), [[0, undefined, 700_000]]);
  });

  it('has no time between two starts, and at most a month of one record', () => {
    assert.deepEqual(hours([at(1_000_000, 100_000, { boot: 2 })], known(0)), [[0, undefined, 100_000]]);
    const year = hours([at(0, 366 * 24 * HOUR_MS)]);
    assert.equal(year.length, 31 * 24);
  });

  it('belongs to the software of its time', () => {
    const records = [
      at(100_000, 100_000),
      at(200_000, 200_000, inventory('b')),
      at(250_000, 50_000, { boot: 2 }),
      at(260_000, 60_000, { boot: 2, ...inventory('c') }),
      { ...at(0, 0, { kind: 'hole' }) },
    ];
    const { software, run } = followRuns(records, known(0, 'a'));
    assert.deepEqual(
      software.map(({ version }) => version),
      ['a', 'b', 'c', 'c', 'c'],
    );
    assert.deepEqual(hours(records, known(0, 'a')), [
      [0, 'a', 200_000],
      [0, 'c', 60_000],
    ]);
    assert.deepEqual(run, { boot: 2, medkit: '0.3.0', version: 'c', ranMs: 1000 * HOUR_MS + 260_000 });
  });

  it('belongs to software that medkit stated later in the same start', () => {
    const early = at(100, 100, { kind: 'inventory', body: { medkit: '0.3.0' } });
    const { software } = followRuns([early, at(200, 200), at(900_000, 900_000, inventory('b'))], undefined);
    assert.deepEqual(
      software.map(({ version }) => version),
      ['b', 'b', 'b'],
    );
  });

  it('does not come from records that the robot removed', () => {
    assert.deepEqual(hours([at(0, 0, { kind: 'hole' })]), []);
  });
});
