import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuditRecord } from '@medkit/contract';
import { toLocalTimes } from '../aggregates/part-clocks.ts';
import { mergeLogs, positionsAt, type RecordTimes } from './merge-logs.ts';

const at = (id: number, second: number, hash = `h${id}`): AuditRecord => ({
  id,
  timestamp: `2026-03-23T02:00:${String(second).padStart(2, '0')}.000000000Z`,
  kind: 'fault',
  hash,
});
/** Times by equal clocks, except gateways that are `ahead` by this many milliseconds. */
const byClocks =
  (ahead: Readonly<Record<string, number>> = {}): RecordTimes =>
  (origin, records) =>
    toLocalTimes(
      records.map(({ timestamp }) => timestamp),
      [],
      ahead[origin],
    );
const idsOf = (items: readonly AuditRecord[]) => items.map(({ hash }) => hash);

describe('merged logs', () => {
  it('keep the order of each log, whatever its clock did', () => {
    const jumped = [at(3, 10, 'c'), at(2, 50, 'b'), at(1, 5, 'a')];
    const { items, hasMore } = mergeLogs(
      new Map([
        ['local', [at(9, 30), at(8, 7)]],
        ['yard', jumped],
      ]),
      9,
      byClocks(),
    );
    assert.deepEqual([idsOf(items), hasMore], [['h9', 'c', 'b', 'h8', 'a'], false]);
  });

  it('are in the order of events, even if one clock is ahead', () => {
    const pages = new Map([
      ['local', [at(9, 30), at(8, 20)]],
      ['yard', [at(4, 35), at(3, 15)]],
    ]);
    assert.deepEqual(idsOf(mergeLogs(pages, 9, byClocks()).items), ['h4', 'h9', 'h8', 'h3']);
    assert.deepEqual(idsOf(mergeLogs(pages, 9, byClocks({ yard: 10_000 })).items), ['h9', 'h4', 'h8', 'h3']);
  });

  it('continue at the position of each log, also if the page contains no record of it', () => {
    const pages = new Map([
      ['local', [at(9, 30), at(8, 29)]],
      ['yard', [at(4, 3)]],
      ['hall', []],
    ]);
    const { items, positions, hasMore } = mergeLogs(pages, 1, byClocks());
    assert.deepEqual([idsOf(items), hasMore], [['h9'], true]);
    assert.deepEqual(
      [...positions],
      [
        ['local', 9],
        ['yard', 5],
      ],
    );
  });

  it('contain a record once if its log arrives from two gateways, and both records if only their numbers are equal', () => {
    const crane = [at(2, 8, 'x'), at(1, 7, 'y')];
    const { items, positions } = mergeLogs(
      new Map([
        ['yard/crane', crane],
        ['hall/crane', crane],
        ['hall', [at(2, 8)]],
      ]),
      9,
      byClocks(),
    );
    assert.deepEqual(idsOf(items), ['x', 'h2', 'y']);
    assert.deepEqual(
      [...positions],
      [
        ['yard/crane', 1],
        ['hall/crane', 1],
        ['hall', 2],
      ],
    );
  });
});

it('positions are sent to a gateway with the names that it uses for others', () => {
  const all = new Map([
    ['local', 4],
    ['yard', 9],
    ['yard/crane', 3],
    ['yardstick', 1],
  ]);
  assert.deepEqual(
    [...positionsAt(all, 'yard')],
    [
      ['local', 9],
      ['crane', 3],
    ],
  );
});
