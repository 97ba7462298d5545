import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { observedName, observedResource, pageOfObserved, pageOfTrigger, readObserved } from './observed-resource.ts';

const battery = { kind: 'app', id: 'battery_monitor' } as const;

describe('an observed resource', () => {
  it('is read from its address and written again', () => {
    for (const [resource, collection, item, name] of [
      ['/api/v1/apps/battery_monitor/data/voltage', 'data', 'voltage', 'voltage'],
      ['/api/v1/apps/battery_monitor/data/rear/temperature', 'data', 'rear/temperature', 'rear/temperature'],
      ['/api/v1/apps/battery_monitor/faults', 'faults', '', 'faults'],
      ['/api/v1/apps/battery_monitor/operations/dock', 'operations', 'dock', 'operations/dock'],
    ] as const) {
      const observed = readObserved(resource);
      assert.deepEqual(observed, { entity: battery, collection, item });
      assert.equal(observedName(observed!), name);
      assert.equal(observedResource({ entity: battery, collection, item }), resource);
    }
  });

  it('may be an update of the whole robot, or of a plugin', () => {
    assert.deepEqual(readObserved('/api/v1/updates/nav-2/status'), {
      entity: undefined,
      collection: 'updates',
      item: 'nav-2/status',
    });
    assert.equal(readObserved('/api/v1/areas/hall/x-medkit-graph')?.collection, 'x-medkit-graph');
    assert.equal(readObserved('https://other/'), undefined);
  });

  it('encodes names with any characters', () => {
    const item = 'a b/<img>?#%';
    const resource = observedResource({ entity: battery, collection: 'data', item });
    assert.equal(resource, '/api/v1/apps/battery_monitor/data/a%20b/%3Cimg%3E%3F%23%25');
    assert.equal(readObserved(resource)?.item, item);
    assert.doesNotThrow(() => observedResource({ entity: battery, collection: 'data', item: '\uD800' }));
    assert.equal(readObserved('/api/v1/apps/x/data/%E0%A4%A')?.item, '%E0%A4%A');
  });

  it('leads to the page of its item, or of its collection', () => {
    const page = (collection: string, item: string) => pageOfObserved({ entity: battery, collection, item });
    assert.equal(page('data', 'rear/temperature'), '/apps/battery_monitor/data/rear%2Ftemperature');
    assert.equal(page('faults', 'HOT'), '/apps/battery_monitor/faults/HOT');
    assert.equal(page('logs', ''), '/apps/battery_monitor/logs');
    assert.equal(page('x-thing', ''), '/apps/battery_monitor');
    assert.equal(pageOfObserved({ entity: undefined, collection: 'updates', item: 'a' }), undefined);
  });

  it('has triggers with pages of the address of the API', () => {
    const event_source = '/api/v1/components/navigation/triggers/trig_1/events';
    assert.equal(pageOfTrigger({ id: 'trig_1', event_source }), '/components/navigation/triggers/trig_1');
  });
});
