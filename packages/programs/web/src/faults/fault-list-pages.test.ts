import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { FaultListItem } from '@medkit/contract';
import { type FaultPageQuery, loadAllFaults } from './fault-list-pages.ts';

const fault = (fault_code: string) => ({ fault_code }) as FaultListItem;
const WANTED = { status: 'all', withMuted: false } as const;

it('reads a list part by part', async () => {
  const queries: FaultPageQuery[] = [];
  const ask = async (query: FaultPageQuery) => {
    queries.push(query);
    const next_cursor = query.cursor === undefined ? 'second' : undefined;
    return { items: [fault(`F${queries.length}`)], 'x-medkit': { next_cursor } as never };
  };
  const { faults, isCut } = await loadAllFaults(ask, WANTED, new AbortController().signal);
  assert.deepEqual(
    faults.map(({ fault_code }) => fault_code),
    ['F1', 'F2'],
  );
  assert.equal(isCut, false);
  assert.deepEqual(
    queries.map(({ cursor }) => cursor),
    [undefined, 'second'],
  );
});

it('requests no further page after it was aborted', async () => {
  const aborter = new AbortController();
  let count = 0;
  const ask = async () => {
    count += 1;
    aborter.abort();
    return { items: [], 'x-medkit': { next_cursor: 'more' } as never };
  };
  await assert.rejects(loadAllFaults(ask, WANTED, aborter.signal), { name: 'AbortError' });
  assert.equal(count, 1);
});
