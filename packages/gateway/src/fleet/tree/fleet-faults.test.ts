import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultListItem, FaultListResult, FleetFault } from '@medkit/contract';
import { mergeContributions } from '@medkit/core/merge';
import type { FleetFaultQuery } from '@medkit/fleet';
import { fleetFaults } from './fleet-faults.ts';

const TREE = mergeContributions([]).tree;
const item = (code: string): FaultListItem => ({ fault_code: code, severity: 2, status: 'CONFIRMED' });
const ofRobot = (robot: string, code: string): FleetFault => ({
  ...{ robot, presence: 'online', as_of: '2026-03-20T09:00:00.000Z', fault: item(code) },
});

/** A record with these faults, in pages of at most `perPage`. */
const record = (faults: readonly FleetFault[], perPage = 2) => ({
  queries: [] as FleetFaultQuery[],
  async faults(query: FleetFaultQuery) {
    this.queries.push(query);
    const left = faults.filter(({ fault }) => query.after === undefined || fault.fault_code > query.after);
    const first = Number(query.cursor ?? 0);
    const items = left.slice(first, first + perPage);
    const isLast = first + perPage >= left.length;
    return { items, total: left.length, ...(!isLast && { next: String(first + perPage) }) };
  },
});

const local = (codes: readonly string[], next?: string): FaultListResult => ({
  items: codes.map(item),
  'x-medkit': { count: codes.length, muted_count: 1, ...(next !== undefined && { next_cursor: next }) },
});
const codes = ({ items }: FaultListResult) => items.map(({ fault_code: code }) => code);
const nextOf = ({ 'x-medkit': about }: FaultListResult) => Object(about).next_cursor;

describe('all faults of a hub', () => {
  const robots = [ofRobot('a', 'B'), ofRobot('b', 'B'), ofRobot('a', 'D'), ofRobot('b', 'F')];

  it('are the faults of the gateway and of all robots, by code', async () => {
    const list = await fleetFaults(record(robots), () => false).all(TREE, {}, local(['A', 'C']));
    assert.deepEqual([codes(list), list['x-medkit']], [['A', 'B', 'B', 'C', 'D', 'F'], { count: 6, muted_count: 1 }]);
  });

  it('lack those of robots that are peers', async () => {
    const list = await fleetFaults(record(robots), (robot) => robot === 'a').all(TREE, {}, local(['A']));
    assert.deepEqual(codes(list), ['A', 'B', 'F']);
  });

  it('end each page after a code, wherever the faults are', async () => {
    const all = async (cursor?: string, own: readonly string[] = [], next?: string) =>
      fleetFaults(record(robots), () => false).all(TREE, { limit: '2', ...(cursor && { cursor }) }, local(own, next));
    const first = await all(undefined, ['A', 'C'], 'C');
    assert.deepEqual([codes(first), nextOf(first)], [['A', 'B', 'B'], 'B']);
    const second = await all('B', ['C', 'E'], 'E');
    assert.deepEqual([codes(second), nextOf(second)], [['C', 'D'], 'D']);
    const third = await all('D', ['E', 'G'], undefined);
    assert.deepEqual([codes(third), nextOf(third)], [['E', 'F'], 'F']);
    const last = await all('F', ['G']);
    assert.deepEqual([codes(last), nextOf(last)], [['G'], undefined]);
  });

  it('are at most 5,000 in a reply, and all faults of a site at most 5,000, which is then partial', async () => {
    const many = Array.from({ length: 6000 }, (_, at) => ofRobot('a', `F${String(at).padStart(4, '0')}`));
    const list = await fleetFaults(record(many, 500), () => false).all(TREE, {}, local([]));
    assert.deepEqual([list.items.length, nextOf(list)], [5000, 'F4999']);
    const site = await fleetFaults(record(many, 500), () => false).of(
      TREE,
      { is: 'site', name: 'x', entityId: 'x' },
      {},
    );
    assert.deepEqual([site.items.length, Object(site['x-medkit']).partial], [5000, true]);
  });
});
