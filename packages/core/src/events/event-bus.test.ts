import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventBus } from './event-bus.ts';

interface Events {
  readonly 'door.opened': { readonly door: number };
  readonly 'door.closed': { readonly door: number };
}

describe('event bus', () => {
  it('notifies every listener of an event until it unsubscribes', () => {
    const received: string[] = [];
    const bus = eventBus<Events>(() => assert.fail('no listener throws'));
    const stop = bus.on('door.opened', ({ door }) => received.push(`a${door}`));
    bus.on('door.opened', ({ door }) => received.push(`b${door}`));
    bus.emit('door.opened', { door: 1 });
    bus.emit('door.closed', { door: 1 });
    stop();
    stop();
    bus.emit('door.opened', { door: 2 });
    assert.deepEqual(received, ['a1', 'b1', 'b2']);
  });

  it('delivers events of other gateways only to listeners for all gateways', () => {
    const received: string[] = [];
    const bus = eventBus<{ readonly rang: { readonly bell: number; readonly origin?: string } }>(() => undefined);
    bus.on('rang', ({ bell }) => received.push(`here ${bell}`));
    bus.on('rang', ({ bell }) => received.push(`all ${bell}`), 'all');
    bus.emit('rang', { bell: 1 });
    bus.emit('rang', { bell: 2, origin: 'local' });
    bus.emit('rang', { bell: 3, origin: 'b' });
    assert.deepEqual(received, ['here 1', 'all 1', 'here 2', 'all 2', 'all 3']);
  });

  it('delivers an event to all listeners even if one throws', () => {
    const received: number[] = [];
    const failed: unknown[] = [];
    const bus = eventBus<Events>((name, error) => failed.push(name, error));
    const defect = new Error('defect');
    bus.on('door.opened', () => {
      throw defect;
    });
    bus.on('door.opened', ({ door }) => received.push(door));
    bus.emit('door.opened', { door: 3 });
    assert.deepEqual(received, [3]);
    assert.deepEqual(failed, ['door.opened', defect]);
  });

  it('lets a listener unsubscribe while it is called', () => {
    let calls = 0;
    const bus = eventBus<Events>(() => assert.fail('no listener throws'));
    const stop = bus.on('door.opened', () => {
      calls++;
      stop();
    });
    bus.emit('door.opened', { door: 1 });
    bus.emit('door.opened', { door: 1 });
    assert.equal(calls, 1);
  });
});
