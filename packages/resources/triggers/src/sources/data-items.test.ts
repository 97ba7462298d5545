import assert from 'node:assert/strict';
import { it } from 'node:test';
import { twentyRobots } from '@medkit/entities/testing';
import { resolveDataItems } from './data-items.ts';

it('items of twenty robots are searched for at most a second at a gateway that does not answer', async () => {
  const { model, clock, timed } = await twentyRobots();
  const hall = model.tree.get('area', 'hall') ?? assert.fail();
  const { value, ms } = await timed((call) =>
    resolveDataItems(model, hall, 'force', {
      clock,
      call,
      list: ({ provider, nativeId }, memberCall) => provider.list(nativeId, memberCall),
    }),
  );
  assert.ok(ms >= 1000 && ms <= 1200, `${ms} ms`);
  const ids = value.map(({ owner }) => owner.entity.id);
  assert.deepEqual([ids.length, new Set(ids).size, ids.includes('app_7')], [19, 19, false]);
});
