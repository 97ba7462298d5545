import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FAULT_LIST_JOIN } from '@medkit/contract';
import type { ListPart } from './list-part.ts';
import { mergeLists } from './merged-list.ts';

const item = (code: string, first_occurred: number, as_of?: string, id = 'hall_arm') => ({
  fault_code: code,
  entity_type: 'app',
  entity_id: id,
  first_occurred,
  ...(as_of !== undefined && { 'x-medkit': { as_of } }),
});
const part = (origin: string, items: ReturnType<typeof item>[], failed_peers?: readonly string[]): ListPart => ({
  origin,
  list: { items, 'x-medkit': { count: items.length, ...(failed_peers && { partial: true, failed_peers }) } },
});
const NIGHT = '2026-03-23T02:15:33.004Z';

/** Items of a merged list with their origins, and the reported count. */
function merged(parts: readonly ListPart[]) {
  // biome-ignore lint/suspicious/noExplicitAny: what came of a list is checked by the assertions about it.
  const { items, 'x-medkit': facts } = mergeLists(parts, {}, FAULT_LIST_JOIN) as any;
  const rows = items.map(
    ({ fault_code, 'x-medkit': more }: ReturnType<typeof item> & { 'x-medkit'?: { origin?: string } }) =>
      `${fault_code} ${more?.origin ?? 'local'}`,
  );
  return { rows, facts };
}

describe('a fault that is reported through several gateways', () => {
  it('is in the list once, and is counted once', () => {
    const { rows, facts } = merged([
      part('local', [item('JAM', 1, undefined, 'head_arm')]),
      part('yard', [item('JAM', 2), item('COLD', 3)]),
      part('hall', [item('JAM', 2)]),
    ]);
    assert.deepEqual(rows, ['JAM local', 'JAM yard', 'COLD yard']);
    assert.equal(facts.count, 3);
  });

  it('is listed as its gateway reports it if that answers, whichever gateway has a copy', () => {
    assert.deepEqual(merged([part('yard', [item('JAM', 2, NIGHT)]), part('hall', [item('JAM', 2)])]).rows, [
      'JAM hall',
    ]);
    const copies = [part('yard', [item('JAM', 2, NIGHT)]), part('hall', [item('JAM', 2, NIGHT)])];
    assert.deepEqual(merged(copies).rows, ['JAM yard']);
  });

  it('is another fault if the time, the app or the kind of entity differs', () => {
    const area = { ...item('JAM', 2), entity_type: 'area' };
    const parts = [
      part('yard', [item('JAM', 2), area]),
      part('hall', [item('JAM', 9), item('JAM', 2, undefined, 'lamp'), area]),
    ];
    assert.equal(merged(parts).rows.length, 5);
  });

  it('has each gateway that does not answer once, whichever peers report it', () => {
    const { facts } = merged([part('yard', [], ['hall']), part('hall', [], ['hall'])]);
    assert.deepEqual(facts.failed_peers, ['hall']);
  });

  it('ignores a peer that reports this gateway as failed, and reports the peer itself as failed', () => {
    const { facts } = merged([part('local', [item('JAM', 1)]), part('yard', [], ['local', 'crane'])]);
    assert.deepEqual(facts.failed_peers, ['yard', 'crane']);
  });
});
