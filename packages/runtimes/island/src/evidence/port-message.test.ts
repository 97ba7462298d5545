import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DeclaredApp } from '@medkit/ingest';
import { layoutOf } from '../declared/layout.ts';
import { portMessage, portTopicDescription } from './port-message.ts';

const APP: DeclaredApp = {
  id: 'safety_gate',
  name: 'Safety gate',
  ports: [
    { id: 'min_range_m', type: 'float64', unit: 'm' },
    { id: 'Min-Range_m', type: 'int64' },
    { id: '2nd', type: 'bool' },
  ],
  faults: [],
};

describe('ports as a message', () => {
  it('have a definition that players can read, with a distinct name for each field', () => {
    const { name, type, definition } = portTopicDescription(APP);
    assert.deepEqual([name, type], ['/safety_gate/ports', 'medkit_island/msg/SafetyGate']);
    assert.deepEqual(definition?.split('\n'), [
      'uint64 time_us # microseconds of the runtime',
      'float64 min_range_m # m',
      'int64 min_range_m_2',
      'int64 p_2nd',
    ]);
    assert.equal(portTopicDescription({ ...APP, id: '2-gate' }).type, 'medkit_island/msg/P2Gate');
  });

  it('are CDR, with the ports of their app alone', () => {
    const { portsOf } = layoutOf({ runtime: 'R', components: [], apps: [{ ...APP, id: 'first' }, APP] });
    const ports = new Uint8Array(48);
    new DataView(ports.buffer).setFloat64(24, 0.11, true);
    new DataView(ports.buffer).setBigInt64(32, -5n, true);
    ports[40] = 1;
    const message = portMessage(portsOf('apps/safety_gate'), ports, 35_333_591_782n);
    const view = new DataView(message.buffer, 4);
    assert.deepEqual([...message.subarray(0, 4)], [0, 1, 0, 0]);
    assert.equal(view.getBigUint64(0, true), 35_333_591_782n);
    assert.deepEqual(
      [view.getFloat64(8, true), view.getBigInt64(16, true), view.getBigInt64(24, true)],
      [0.11, -5n, 1n],
    );
    assert.equal(message.length, 36);
  });
});
