import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Features } from './features.ts';

describe('the features of a gateway', () => {
  it('report health in the order in which they were opened, and are closed in reverse order', async () => {
    const closed: string[] = [];
    const opened = new AsyncDisposableStack();
    const features = new Features(opened);
    const feature = (name: string) => ({
      health: () => ({ warnings: [], blocks: { [name]: {} } }),
      close: async () => void closed.push(name),
    });
    features.add(feature('locks'));
    assert.equal(features.add(undefined), undefined);
    features.add({});
    features.add({ health: async () => ({ warnings: [], blocks: { fleet: {} } }) });
    features.add(feature('triggers'));
    assert.deepEqual(
      (await features.health()).map(({ blocks }) => blocks),
      [{ locks: {} }, { fleet: {} }, { triggers: {} }],
    );
    await opened.disposeAsync();
    assert.deepEqual(closed, ['triggers', 'locks']);
  });

  it('are all closed if one of them cannot be closed', async () => {
    const closed: string[] = [];
    const opened = new AsyncDisposableStack();
    const features = new Features(opened);
    features.add({ close: () => void closed.push('locks') });
    features.add({ close: () => Promise.reject(new Error('disk full')) });
    await assert.rejects(opened.disposeAsync(), /disk full/);
    assert.deepEqual(closed, ['locks']);
  });

  it('are closed also if a later one cannot be opened', async () => {
    const closed: string[] = [];
    const open = async () => {
      await using begun = new AsyncDisposableStack();
      const features = new Features(begun);
      features.add({ close: () => void closed.push('locks') });
      throw new Error('the triggers cannot be read');
    };
    await assert.rejects(open(), /cannot be read/);
    assert.deepEqual(closed, ['locks']);
  });

  it('are refused if two of them serve one route', () => {
    const features = new Features(new AsyncDisposableStack());
    features.serve({ getTree: () => undefined as never });
    assert.throws(() => features.serve({ getTree: () => undefined as never }), /Two features serve getTree/);
  });
});
