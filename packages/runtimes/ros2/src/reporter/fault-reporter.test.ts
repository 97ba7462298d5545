import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { RosMessage } from '@medkit/ros2';
import { FakeRos } from '../testing/fake-ros.ts';
import { settle } from '../testing/running-runtime.ts';
import { openFaultReporter } from './fault-reporter.ts';

const SERVICE = '/fault_manager/report_fault';

/** Opens a reporter of the node `/motor`, and records what its fault manager receives once there is one. */
async function opened() {
  const ros = new FakeRos();
  const logged: string[] = [];
  const node = await ros.node({ name: 'motor' });
  const reporter = await openFaultReporter({
    node,
    clock: new SimulatedClock(),
    log: (_, message) => logged.push(message),
  });
  const requests: RosMessage[] = [];
  const offer = () =>
    ros.services.set(SERVICE, (request) => {
      requests.push(request);
      return { accepted: request.fault_code !== 'BAD' };
    });
  return { ros, logged, reporter, requests, offer };
}

describe('a reporter of faults', () => {
  it('reports in the name of its node everything that passes the filter, and every PASSED', async () => {
    const { reporter, requests, offer } = await opened();
    offer();
    reporter.failed('WARM', 1, 'warm');
    reporter.failed('HOT', 2, 'hot');
    reporter.passed('WARM');
    await settle();
    assert.deepEqual(requests, [
      { fault_code: 'HOT', event_type: 0, severity: 2, description: 'hot', source_id: '/motor' },
      { fault_code: 'WARM', event_type: 1, severity: 0, description: '', source_id: '/motor' },
    ]);
    reporter.failed('WARM', 1, 'warm');
    reporter.failed('WARM', 1, 'warm');
    await settle();
    assert.equal(requests.length, 3);
    reporter.reset('WARM');
    reporter.failed('WARM', 1, 'warm');
    await settle();
    assert.equal(requests.length, 3);
  });

  it('drops reports that are not accepted, logs that, and continues', async () => {
    const { reporter, requests, offer, logged } = await opened();
    reporter.failed('HOT', 2, '');
    reporter.failed('', 2, '');
    await settle();
    assert.deepEqual(logged, [
      'A report of "" was dropped: fault_code cannot be empty',
      `A report of "HOT" was dropped: no node offers ${SERVICE}`,
    ]);
    offer();
    reporter.failed('BAD', 2, '');
    reporter.failed('HOT', 2, '');
    await settle();
    assert.equal(requests.length, 2);
    assert.match(logged[2] ?? '', /"BAD" was dropped: the fault manager did not accept it/);
  });

  it('queues no more reports than a service of ROS can hold, and none after the close', async () => {
    const { reporter, ros, logged } = await opened();
    let calls = 0;
    ros.services.set(SERVICE, () => {
      calls++;
      return new Promise<RosMessage>(() => undefined);
    });
    for (let n = 0; n < 12; n++) reporter.failed(`F${n}`, 2, '');
    await settle();
    assert.equal(calls, 10);
    assert.match(logged.join(), /"F10" was dropped: 10 reports are already waiting/);
    await reporter.close();
    await settle();
    reporter.failed('LATE', 2, '');
    assert.deepEqual([logged.length, calls, ros.openClients], [2, 10, 0]);
  });
});
