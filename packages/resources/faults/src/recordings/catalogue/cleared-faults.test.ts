import assert from 'node:assert/strict';
import { it } from 'node:test';
import { clearedFaults } from './cleared-faults.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

it('faults that are cleared while the disk is busy are detached from their recordings together', async () => {
  const writes: (readonly string[])[] = [];
  const disk = Promise.withResolvers<void>();
  let cleared = 0;
  const faults = clearedFaults(
    {
      unlink: async (codes) => {
        writes.push(codes);
        await disk.promise;
        return codes.length;
      },
      clearAway: async () => {
        cleared += 1;
      },
    },
    assert.fail,
  );
  for (const code of ['A', 'B', 'C', 'B']) faults.forget([code]);
  assert.deepEqual(writes, [['A']], 'the first at once: what is entered later is not meant');
  disk.resolve();
  await faults.settled();
  assert.deepEqual(writes, [['A'], ['B', 'C']]);
  assert.equal(cleared, 1);
  faults.forget(['D']);
  await faults.settled();
  assert.deepEqual([writes.at(-1), cleared], [['D'], 2]);
});

it('a fault that cannot be detached from its recording is reported, and does not delay others', async () => {
  const failures: unknown[] = [];
  const faults = clearedFaults(
    {
      unlink: ([code]) => (code === 'A' ? Promise.reject(new Error('locked')) : Promise.resolve(1)),
      clearAway: () => Promise.resolve(),
    },
    (codes, error) => failures.push([codes, error.message]),
  );
  faults.forget(['A']);
  faults.forget(['B']);
  await faults.settled();
  await turn();
  assert.deepEqual(failures, [[['A'], 'locked']]);
});
