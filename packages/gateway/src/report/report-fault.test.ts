import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { FaultReport } from '@medkit/faults';
import { CallTimeout, type RosMessage } from '@medkit/ros2';
import { reportFault } from './report-fault.ts';

const REPORT: FaultReport = { code: 'MOTOR_HOT', event: 'FAILED', severity: 2, description: '86 °C', source: '/motor' };

/** Reports to a graph whose fault manager appears after `lookedFor` checks and replies with `answer`. */
async function report(answer: (request: RosMessage) => Promise<RosMessage>, { lookedFor = 1 } = {}) {
  const clock = new SimulatedClock();
  let looks = 0;
  let closed = false;
  const client = {
    service: '',
    type: '',
    ready: async () => {
      looks += 1;
      // Time passes while the report waits for it.
      setImmediate(() => clock.advance(1000));
      return looks > lookedFor ? 1 : 0;
    },
    call: answer,
    callSerialised: () => assert.fail('it sends a message'),
    close: async () => undefined,
  };
  const services: string[] = [];
  const outcome = await reportFault(REPORT, {
    environment: {},
    manager: '/fault_manager',
    patienceMs: 5000,
    clock,
    join: async () =>
      ({
        node: async () => ({
          fqn: '/_medkit_report',
          client: async (service: string) => {
            services.push(service);
            return client;
          },
        }),
        close: async () => {
          closed = true;
        },
      }) as never,
  });
  assert.deepEqual([services, closed], [['/fault_manager/report_fault'], true]);
  return outcome;
}

test('a fault is reported once a fault manager was found, with its message types', async () => {
  const requests: RosMessage[] = [];
  const accept = async (request: RosMessage) => {
    requests.push(request);
    return { accepted: true };
  };
  assert.equal(await report(accept, { lookedFor: 3 }), 'accepted');
  assert.deepEqual(requests, [
    { fault_code: 'MOTOR_HOT', event_type: 0, severity: 2, description: '86 °C', source_id: '/motor' },
  ]);
});

test('the report states whether no fault manager was found, none answered or it refused', async () => {
  const never = async () => assert.fail('nobody was there');
  assert.equal(await report(never, { lookedFor: 99 }), 'nobody');
  assert.equal(await report(async () => ({ accepted: false })), 'refused');
  const late = () => Promise.reject(new CallTimeout('no answer'));
  assert.equal(await report(late), 'late');
});
