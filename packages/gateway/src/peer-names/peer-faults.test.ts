import assert from 'node:assert/strict';
import { it } from 'node:test';
import { indexEntities } from '@medkit/core';
import { app, component, entityLists } from '@medkit/core/testing';
import { peerFaultEvent, peerList } from './peer-faults.ts';

const AT_YARD = { origin: 'yard' } as const;
const yardAddress = (nativeId: string) => ({ addresses: [{ runtime: 'yard', nativeId }] });
const lists = {
  components: [
    component('robot'),
    component('base', yardAddress('components/base')),
    component('yard_host', { ...AT_YARD, ...yardAddress('components/yard_host') }),
  ],
  apps: [
    app('planner', { componentId: 'robot', aliases: ['path-planner'] }),
    app('yard__arm', { componentId: 'yard_host', ...AT_YARD, ...yardAddress('apps/arm') }),
  ],
};
const tree = indexEntities(entityLists(lists), 1);

/** Returns the entity that the peer's list shows for a fault that names this entity. */
function listedAt(entity_type: string, entity_id: string, at = tree): string {
  const list = { items: [{ fault_code: 'JAM', entity_type, entity_id }], 'x-medkit': { count: 1 } };
  const { items } = peerList(at, 'yard', list) as typeof list;
  assert.equal(items[0]?.fault_code, 'JAM');
  return `${items[0]?.entity_type} ${items[0]?.entity_id}`;
}

it('a fault of a peer that names an entity of this gateway is shown at the host component of the peer', () => {
  assert.equal(listedAt('app', 'planner'), 'component yard_host');
  assert.equal(listedAt('app', 'path-planner'), 'component yard_host', 'an alias counts as the name');
  assert.equal(listedAt('component', 'robot'), 'component yard_host');
});

it('a fault of a peer keeps an entity that the peer has, also under another id or together with this gateway', () => {
  assert.equal(listedAt('app', 'arm'), 'app yard__arm');
  assert.equal(listedAt('component', 'base'), 'component base');
  assert.equal(listedAt('app', 'not_read_yet'), 'app not_read_yet');
});

it('a fault of a peer names no entity if the peer has no component and no area', () => {
  const alone = indexEntities(entityLists({ ...lists, components: [component('robot')], apps: [app('planner')] }), 1);
  assert.equal(listedAt('app', 'planner', alone), 'undefined undefined');
});

it('an event of a peer names the host component in both places', () => {
  const fault = { fault_code: 'JAM', entity_type: 'app', entity_id: 'planner' };
  const event = { fault, 'x-medkit': { entity_type: 'apps', entity_id: 'planner' } };
  assert.deepEqual(peerFaultEvent(tree, 'yard', event), {
    fault: { ...fault, entity_type: 'component', entity_id: 'yard_host' },
    'x-medkit': { entity_type: 'components', entity_id: 'yard_host' },
  });
});
