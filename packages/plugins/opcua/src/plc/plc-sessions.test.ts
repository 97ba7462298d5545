import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LinkListener, PlcLink } from '@medkit/opcua';
import { REFRESH_REQUIRED } from '../alarms/event-types.ts';
import { lonePlc } from '../testing/lone-plc.ts';
import type { MemoryPlc } from '../testing/memory-plc.ts';

const NODES = `
nodes:
  - {node_id: "ns=2;s=Level", entity_id: tank, data_name: level, alarm: {fault_code: LOW, threshold: 100, above_threshold: false}}
`;
const ALARMS = `
event_alarms:
  - {alarm_source: "ns=2;s=Tank", entity_id: tank, fault_code: OVERPRESSURE}
`;
const level = (server: MemoryPlc) => server.set('ns=2;s=Level', 500);

/** A connection whose server still answers earlier requests after it was stopped, as over a network. */
function answersLate(server: MemoryPlc): PlcLink {
  return {
    get state() {
      return server.state;
    },
    get session() {
      return server.session;
    },
    start: (listener: LinkListener) => server.start(listener),
    stop: async () => undefined,
  };
}

describe('a session with a PLC', () => {
  it('that was still starting when it was stopped has no effect any more: nothing is asked or reported', async () => {
    let release = (): void => undefined;
    const { plc, server, clock, connections, signals } = lonePlc({
      map: NODES + ALARMS,
      prepare: (each) => {
        level(each);
        release = each.hold();
      },
      wrap: answersLate,
    });
    await clock.advanceAsync(100, 10);
    await plc.stop();
    release();
    server.set('ns=2;s=Level', 5);
    await clock.advanceAsync(10_000, 100);
    assert.deepEqual([plc.isConnected, plc.pollCount, connections, signals], [false, 0, [], []]);
  });

  it('stops its requests when it ends: a later one has a single poll', async () => {
    const { plc, server, clock } = lonePlc({ map: NODES, prepare: level });
    await clock.advanceAsync(2100, 10);
    for (let time = 0; time < 5; time++) {
      server.lose();
      server.comeBack();
      await clock.advanceAsync(100, 10);
    }
    const before = plc.pollCount;
    await clock.advanceAsync(10_000, 10);
    assert.equal(plc.pollCount - before, 10);
    await plc.stop();
    await clock.advanceAsync(10_000, 10);
    assert.equal(plc.pollCount - before, 10);
  });

  it('that cannot be established is logged once for each reason', async () => {
    const { plc, server, clock, connections } = lonePlc({ map: NODES, prepare: level });
    await clock.advanceAsync(100, 10);
    for (let time = 0; time < 5; time++) server.lose('no route');
    server.lose('refused');
    server.comeBack();
    await clock.advanceAsync(100, 10);
    assert.deepEqual(connections, [undefined, 'no route', 'refused', undefined]);
    await plc.stop();
  });

  it('ends the fault of a disconnected PLC under the id that it had before its type plate was known', async () => {
    const { plc, server, clock, signalTexts } = lonePlc({ map: NODES, prepare: level, isUp: false });
    await clock.advanceAsync(6000, 10);
    server.comeBack();
    await clock.advanceAsync(1000, 10);
    const former = 'opcua-localhost';
    assert.deepEqual(signalTexts(), [`raise PLC_COMMS_LOST ${former}`, `clear PLC_COMMS_LOST ${former}`]);
    assert.equal(plc.component.id, 'acme_controls_plc-1');
    server.lose();
    server.nameplate = { manufacturer: 'Other' };
    server.comeBack();
    await clock.advanceAsync(1000, 10);
    assert.equal(plc.component.id, 'acme_controls_plc-1', 'people know it by that');
    await plc.stop();
  });
});

describe('alarms of a PLC that lost events', () => {
  it('are requested again, and those that ended meanwhile are over', async () => {
    const { plc, server, clock, signalTexts } = lonePlc({ map: ALARMS });
    await clock.advanceAsync(100, 10);
    server.emit({ notifier: 'ns=2;s=Tank' });
    assert.equal(server.refreshes, 1);
    server.emit({ notifier: 'ns=2;s=Tank', conditionId: undefined, eventType: REFRESH_REQUIRED });
    server.emit({ notifier: 'ns=2;s=Tank', conditionId: undefined, eventType: REFRESH_REQUIRED });
    await clock.advanceAsync(100, 10);
    assert.equal(server.refreshes, 2);
    assert.deepEqual(signalTexts(), ['raise OVERPRESSURE tank', 'clear OVERPRESSURE tank']);
    await plc.stop();
  });

  it('keep their state at a notifier that cannot be read, and the session continues', async () => {
    const { plc, server, clock, lines } = lonePlc({
      map: ALARMS,
      options: { condition_replay_strategy: 'read' },
      prepare: (each) => {
        each.readRefused = 'BadNodeIdUnknown';
      },
    });
    await clock.advanceAsync(3000, 10);
    assert.deepEqual([server.sessions, plc.isConnected], [1, true]);
    assert.match(lines.join(), /cannot read the conditions of ns=2;s=Tank: .*BadNodeIdUnknown/);
    await plc.stop();
  });
});

describe('values of which a PLC stops reporting changes', () => {
  it('are polled if the server refuses to report their changes', async () => {
    const { plc, server, clock } = lonePlc({
      map: NODES,
      options: { prefer_subscriptions: true },
      prepare: (each) => {
        level(each);
        each.watchRefused = 'BadTooManyMonitoredItems';
      },
    });
    await clock.advanceAsync(100, 10);
    server.set('ns=2;s=Level', 480);
    await clock.advanceAsync(1500, 10);
    assert.equal(plc.values.of('ns=2;s=Level')?.value, 480);
    await plc.stop();
  });

  it('are marked as old if polls fail, even if the PLC is connected', async () => {
    const { plc, server, clock, lines } = lonePlc({ map: NODES, prepare: level });
    await clock.advanceAsync(1500, 10);
    assert.equal(plc.unread, undefined);
    server.readRefused = 'BadTooManyOperations';
    await clock.advanceAsync(5000, 10);
    assert.match(plc.unread ?? '', /BadTooManyOperations/);
    assert.equal(lines.filter((line) => line.includes('could not be read')).length, 1);
    server.readRefused = undefined;
    await clock.advanceAsync(1500, 10);
    assert.deepEqual([plc.isConnected, plc.unread], [true, undefined]);
    await plc.stop();
  });
});
