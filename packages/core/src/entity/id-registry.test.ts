import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { LOCAL } from './entity.ts';
import { idRegistry } from './id-registry.ts';

const cam = { kind: 'app', id: 'cam' } as const;

describe('assigned ids of entities', () => {
  it('belong to the first owner of this gateway, and pass from a declaration to the node it is bound to', () => {
    const ids = idRegistry({ clock: new SimulatedClock() });
    ids.give(cam, { origin: LOCAL });
    ids.give(cam, { origin: LOCAL, node: 'ros2 /a/cam' });
    ids.give(cam, { origin: LOCAL, node: 'ros2 /b/cam' });
    ids.give(cam, { origin: LOCAL });
    assert.deepEqual(ids.ownerOf(cam), { origin: LOCAL, node: 'ros2 /a/cam' });
    assert.deepEqual(ids.idsOf('ros2 /a/cam'), ['cam']);
  });

  it('are final after the settling time, or once a client uses them', () => {
    const clock = new SimulatedClock();
    const ids = idRegistry({ clock });
    ids.give(cam, { origin: 'arm' });
    ids.give({ kind: 'app', id: 'lidar' }, { origin: 'arm' });
    ids.use(cam);
    assert.deepEqual(
      ids.firm().ids.map(({ id }) => id),
      ['cam'],
    );
    assert.equal(ids.firm().isComplete, false);
    clock.advance(10_000);
    assert.deepEqual(
      ids.firm().ids.map(({ id, inUse }) => [id, inUse]),
      [
        ['cam', true],
        ['lidar', false],
      ],
    );
  });

  it('are the same after a restart', () => {
    const clock = new SimulatedClock();
    const ids = idRegistry({ clock });
    ids.give(cam, { origin: LOCAL, node: 'ros2 /a/cam' });
    ids.use(cam);
    const again = idRegistry({ clock, stored: JSON.parse(JSON.stringify(ids.firm().ids)) });
    assert.deepEqual([again.ownerOf(cam), again.isFirm(cam)], [{ origin: LOCAL, node: 'ros2 /a/cam' }, true]);
  });

  it('are bounded for each gateway: those of entities that are not live are dropped, the oldest first', () => {
    const ids = idRegistry({ clock: new SimulatedClock() });
    for (let at = 0; at < 10_003; at++) ids.give({ kind: 'app', id: `n${at}` }, { origin: 'arm' });
    ids.give(cam, { origin: LOCAL });
    ids.trim(({ id }) => id === 'n0');
    const left = ['n0', 'n1', 'n2', 'n3', 'n4', 'cam'].filter((id) => ids.ownerOf({ kind: 'app', id }));
    assert.deepEqual(left, ['n0', 'n4', 'cam']);
  });
});
