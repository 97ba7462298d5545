import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import { memoryDatabase } from '../../testing/memory-database.ts';
import { FaultCopies } from './fault-copies.ts';

const copy = (peer: string, code: string, severity = 2, asOfMs = 1) => ({
  peer,
  holder: 'apps/arm',
  code,
  item: { fault_code: code, severity },
  entities: [],
  asOfMs,
  isListed: true,
});
const DETAIL = { frames: 'x'.repeat(1000) };
const codesOf = (copies: FaultCopies, peer: string) => copies.of(peer).map(({ code }) => code);

describe('copies of faults', () => {
  it('are restored after a restart, each as it was last stored', async () => {
    const database = memoryDatabase(systemClock);
    const copies = await new FaultCopies({ database, maxBytes: 10_000 }).load();
    assert.equal(await copies.put(copy('yard', 'JAM'), DETAIL), true);
    await copies.put({ ...copy('yard', 'JAM'), asOfMs: 2 }, { frames: 'later' });
    await copies.put(copy('yard', 'COLD'), DETAIL);
    await copies.mark(copies.of('yard').slice(1), false);
    const again = await new FaultCopies({ database, maxBytes: 10_000 }).load();
    assert.deepEqual(
      again.of('yard').map(({ code, asOfMs, isListed }) => [code, asOfMs, isListed]),
      [
        ['COLD', 1, false],
        ['JAM', 2, true],
      ],
    );
    const jam = again.find({ peer: 'yard', holder: 'apps/arm', code: 'JAM' }) ?? assert.fail();
    assert.deepEqual(await again.detail(jam), { frames: 'later' });
    assert.deepEqual([again.count(), again.bytes()], [copies.count(), copies.bytes()]);
  });

  it('are removed from the gateway with the most if the room is full: first unlisted, then less severe, then older ones', async () => {
    const copies = await new FaultCopies({ database: memoryDatabase(systemClock), maxBytes: 4600 }).load();
    await copies.put(copy('dock', 'LOW', 0), DETAIL);
    for (const added of [copy('yard', 'GRAVE', 3), copy('yard', 'LATE', 1, 9), copy('yard', 'EARLY', 1, 2)])
      await copies.put(added, DETAIL);
    assert.deepEqual(codesOf(copies, 'yard'), ['GRAVE', 'LATE', 'EARLY']);
    await copies.put(copy('yard', 'NEXT', 2), DETAIL);
    assert.deepEqual(codesOf(copies, 'yard'), ['GRAVE', 'LATE', 'NEXT']);
    await copies.mark(copies.of('yard').slice(0, 1), false);
    await copies.put(copy('yard', 'LAST', 0), DETAIL);
    assert.deepEqual(codesOf(copies, 'yard'), ['LATE', 'NEXT', 'LAST']);
    assert.deepEqual(codesOf(copies, 'dock'), ['LOW']);
    assert.ok(copies.bytes() <= 4600);
  });

  it('are not stored if a copy is larger than the limit for all', async () => {
    const copies = await new FaultCopies({ database: memoryDatabase(systemClock), maxBytes: 500 }).load();
    assert.equal(await copies.put(copy('yard', 'JAM'), DETAIL), false);
    assert.equal(copies.count(), 0);
  });
});
