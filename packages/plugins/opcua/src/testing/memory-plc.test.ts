import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import {
  type ChangedValues,
  type LinkListener,
  type LinkState,
  PlcRefused,
  type PlcSession,
  PlcUnreachable,
} from '@medkit/opcua';
import { MemoryPlc } from './memory-plc.ts';

const LEVEL = 'ns=2;s=Tank.Level';

describe('A PLC in memory', () => {
  test('sends a watcher the present values, and then every change immediately', async () => {
    const plc = new MemoryPlc(new SimulatedClock());
    plc.set(LEVEL, 10);
    plc.start(listening());
    const reported: ChangedValues[] = [];
    const refused = await plc.session.watch([LEVEL, 'ns=2;s=None'], 500, (values) => reported.push(values));
    plc.setTogether([
      [LEVEL, 11],
      ['ns=2;s=Other', 1],
    ]);
    plc.set(LEVEL, undefined, { quality: 'bad', status: 'BadSensorFailure' });
    assert.deepEqual([...refused], [['ns=2;s=None', 'BadNodeIdUnknown']]);
    assert.deepEqual(
      reported.map((values) => values.map(([id, { value, status }]) => [id, value, status])),
      [[[LEVEL, 10, 'Good']], [[LEVEL, 11, 'Good']], [[LEVEL, undefined, 'BadSensorFailure']]],
    );
  });

  test('rejects pending requests when the connection is lost, and begins another session when it returns', async () => {
    const plc = new MemoryPlc(new SimulatedClock());
    const sessions: PlcSession[] = [];
    const lost: LinkState[] = [];
    plc.start(
      listening({
        onSession: async (session) => void sessions.push(session),
        onLost: (state) => void lost.push(state),
      }),
    );
    const release = plc.hold();
    const reading = plc.session.read([LEVEL]);
    plc.lose('the cable was pulled');
    release();
    await assert.rejects(reading, PlcUnreachable);
    assert.throws(() => plc.session, /the cable was pulled/);
    await assert.rejects(sessions[0]!.read([LEVEL]), PlcUnreachable);
    plc.comeBack();
    assert.equal(sessions.length, 2);
    assert.deepEqual(
      lost.map(({ connected, problem }) => [connected, problem]),
      [[false, 'the cable was pulled']],
    );
  });

  test('begins another session if its listener rejected the first', async () => {
    const clock = new SimulatedClock();
    const plc = new MemoryPlc(clock);
    let tries = 0;
    const onSession = async () => {
      if (++tries === 1) throw new Error('too early');
    };
    plc.start(listening({ onSession }));
    await clock.advanceAsync(1000, 100);
    assert.equal(tries, 2);
    assert.equal(plc.state.connected, true);
  });

  test('records writes, calls and acknowledgements, and refuses those that the test configures', async () => {
    const plc = new MemoryPlc(new SimulatedClock());
    plc.add(LEVEL, { value: 1, isWritable: true });
    plc.add('ns=2;s=Drain', { kind: 'method', answer: () => [true] });
    plc.start(listening());
    await plc.session.write(LEVEL, 5);
    assert.deepEqual(await plc.session.call('ns=2;s=Tank', 'ns=2;s=Drain', []), [{ value: true }]);
    await plc.session.acknowledge('ns=2;s=Alarm', Uint8Array.of(7), 'seen');
    plc.refuse(LEVEL);
    await assert.rejects(
      plc.session.write(LEVEL, 6),
      (error) => error instanceof PlcRefused && error.status === 'BadUserAccessDenied',
    );
    assert.deepEqual(plc.writes, [{ nodeId: LEVEL, value: 5 }]);
    assert.equal(plc.calls.length, 1);
    assert.deepEqual(plc.acknowledged, [{ conditionId: 'ns=2;s=Alarm', eventId: Uint8Array.of(7), comment: 'seen' }]);
  });

  test('sends the events of the watched notifier, and on a refresh the retained ones', async () => {
    const plc = new MemoryPlc(new SimulatedClock());
    plc.start(listening());
    const received: string[] = [];
    await plc.session.watchEvents([{ notifier: 'i=2253', associatedValues: [] }], ({ message }) =>
      received.push(message),
    );
    plc.emit({ message: 'too hot' });
    plc.emit({ message: 'elsewhere', notifier: 'ns=2;s=Tank' });
    plc.retained = [plc.event({ message: 'still too hot' })];
    await plc.session.refreshConditions();
    assert.deepEqual(received, ['too hot', 'still too hot']);
  });
});

const listening = (listener: Partial<LinkListener> = {}): LinkListener => ({
  onSession: async () => undefined,
  onLost: () => undefined,
  ...listener,
});
