import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FAULT_MANAGER_ID, FAULT_STATUSES, type FaultEvent, type Model } from '@medkit/core';
import type { CatalogueRecording, StoredFrame } from '@medkit/faults';
import type { RosMessage, ServiceClient } from '@medkit/ros2';
import { createMedkitNodes } from '../testing/create-medkit-nodes.ts';
import { FAULTS, faultOptions, memoryFaultManager, servedFaultManager } from '../testing/memory-fault-manager.ts';
import { patientCall, type SimulatedRobot, simulatedRobot } from '../testing/simulated-robot.ts';
import { faultManagerNames } from './fault-manager-names.ts';
import { EVENTS_QOS } from './fault-manager-node.ts';
import { FAULT_EVENT_TYPE } from './fault-message.ts';
import { REPORT_FAULT_TYPE } from './report-message.ts';

async function play(scene: (robot: SimulatedRobot) => Promise<void>): Promise<void> {
  const robot = await simulatedRobot({ latencyMs: 0.5, loss: 0.02 });
  try {
    await scene(robot);
  } finally {
    await robot.close();
  }
}

const FRAME: StoredFrame = {
  faultCode: 'A',
  captureId: 1,
  occurrence: 1,
  topic: '/arm/temperature',
  messageType: 'sensor_msgs/msg/Temperature',
  data: '{"temperature":85.5}',
  problem: '',
  history: '{"temperature":{"value":85.5,"history":[[1770201012500000000,85.5]]}}',
  capturedAtNs: 1_770_201_012_500_000_000n,
};
const RECORDING: CatalogueRecording = {
  id: 'fault_A_1770201012500',
  faultCodes: ['A'],
  path: '/data/fault_A_1770201012500',
  format: 'mcap',
  octets: 184_320,
  durationMs: 6250,
  createdAtNs: 1_770_201_012_500_000_000n,
};
const REPORT = { fault_code: 'MOTOR_HOT', event_type: 0, severity: 2, description: 'hot', source_id: '/motor' };

/** The fault provider of a model, as used by the gateway. */
function faultsOf(model: Model, scene: SimulatedRobot) {
  const faults = model.provider(FAULTS)!.faults!;
  const events: FaultEvent[] = [];
  model.events.on('fault.event', ({ event }) => events.push(event));
  const call = () => patientCall(scene);
  const query = { statuses: FAULT_STATUSES, includeMuted: true };
  return {
    events,
    eventTypes: () => events.map(({ id, type }) => [id, type]),
    codes: async () =>
      (await scene.during(Promise.resolve(faults.list(FAULT_MANAGER_ID, query, call())))).faults.map(
        ({ fault }) => fault.code,
      ),
    get: (code: string) => scene.during(faults.get(FAULT_MANAGER_ID, code, call())),
    clear: (code: string) => scene.during(faults.clear(FAULT_MANAGER_ID, code, { cascade: true }, call())),
    after: (id: number) => scene.during(faults.eventsAfter(FAULT_MANAGER_ID, id, 10, call())),
  };
}

const block = async (model: Model) => (await model.health()).blocks['x-medkit-faults'] ?? {};

describe('faults over RTPS', () => {
  it('accepts reports of the robot, publishes events, and clears', () =>
    play(async (scene) => {
      const { robot, openGateway, during, until, clock } = scene;
      const model = await openGateway(faultOptions(clock));
      const faults = faultsOf(model, scene);
      const node = await robot.node({ name: 'motor' });
      const published: RosMessage[] = [];
      await node.subscribe({
        topic: '/fault_manager/events',
        type: FAULT_EVENT_TYPE,
        qos: EVENTS_QOS,
        onSample: ({ message }) => message && published.push(message),
      });
      const client: ServiceClient = await node.client('/fault_manager/report_fault', REPORT_FAULT_TYPE);
      const send = (request: RosMessage) => during(client.call(request, { timeoutMs: 5000 }));
      assert.deepEqual(await send(REPORT), { accepted: true });
      assert.deepEqual(await send({ ...REPORT, severity: 9 }), { accepted: false });
      assert.deepEqual(await faults.codes(), ['MOTOR_HOT']);
      const detail = await faults.get('MOTOR_HOT');
      assert.deepEqual([detail?.fault.sources, detail?.thresholds[0]?.confirmationThreshold], [['/motor'], -1]);

      const clear = await node.client('/fault_manager/clear_fault', 'ros2_medkit_msgs/srv/ClearFault');
      const cleared = await during(clear.call({ fault_code: 'MOTOR_HOT' }, { timeoutMs: 5000 }));
      assert.deepEqual(cleared, { success: true, message: 'Fault cleared: MOTOR_HOT', auto_cleared_codes: [] });
      await until(() => published.length === 2, 'both events have come');
      assert.deepEqual(
        published.map(({ event_type }) => event_type),
        ['fault_confirmed', 'fault_cleared'],
      );
      assert.deepEqual(faults.eventTypes(), [
        [1, 'fault_confirmed'],
        [2, 'fault_cleared'],
      ]);
      assert.deepEqual((await faults.after(1)).events, faults.events.slice(1));
      assert.equal(await faults.clear('NONE'), false);
      assert.equal(await faults.get('NONE'), undefined);
    }));

  it('attaches to the fault manager that a robot has, and outlives it', () =>
    play(async (scene) => {
      const { robot, openGateway, until, clock, logged } = scene;
      const its = await servedFaultManager({
        name: 'ros2',
        medkitNodes: createMedkitNodes(robot, clock),
        names: faultManagerNames('robot1'),
        opened: await memoryFaultManager(clock, { frames: [FRAME], recordings: [RECORDING] }),
        clock,
        log: () => undefined,
      });
      const model = await openGateway(faultOptions(clock, { mode: 'auto', namespace: '/robot1/' }));
      const faults = faultsOf(model, scene);
      assert.deepEqual(await faults.codes(), []);
      assert.equal((await block(model)).mode, 'attached');
      await its.report({ code: 'A', event: 'FAILED', severity: 3, description: 'a', source: '/a' });
      await until(() => faults.events.length === 1, 'the event has come');
      assert.deepEqual(await faults.codes(), ['A']);
      const detail = await faults.get('A');
      assert.deepEqual(detail?.fault, faults.events[0]?.fault);
      // The message has no field for the occurrence of a frame.
      const { messageType, capturedAtNs, topic: channel } = FRAME;
      const { path: _path, ...details } = RECORDING;
      assert.deepEqual(detail?.snapshots, [
        { kind: 'freeze_frame', name: 'temperature', channel, messageType, data: { temperature: 85.5 }, capturedAtNs },
        // A medkit that uses another medkit's fault manager receives the histories as well.
        {
          ...{ kind: 'freeze_frame', name: 'history', channel: '', messageType: '' },
          data: { '/arm/temperature.temperature': { value: 85.5, history: [[1_770_201_012_500_000_000n, 85.5]] } },
          capturedAtNs: FRAME.capturedAtNs,
        },
        { kind: 'recording', ...details },
      ]);
      assert.equal(await faults.get('NONE'), undefined);
      assert.equal(await faults.clear('A'), true);
      assert.equal(await faults.clear('NONE'), false);
      await until(() => faults.events.length === 2, 'the next event has come');
      assert.deepEqual(await faults.after(1), { events: faults.events.slice(1), oldestId: 1, newestId: 2 });

      await its.close();
      await assert.rejects(faults.codes(), { code: 'service-unavailable', message: /\/robot1\/fault_manager/ });
      const { warnings } = await model.health();
      assert.deepEqual(
        warnings.filter(({ code }) => code.startsWith('fault')).map(({ code }) => code),
        ['fault_manager_gone'],
      );
      assert.ok(logged.some((line) => line.includes('/robot1/fault_manager')));
    }));

  it('takes over from another medkit that leaves, with the faults that are active and without losing a report', () =>
    play(async (scene) => {
      const { robot, openGateway, until, during, clock } = scene;
      const names = faultManagerNames('');
      const opened = await memoryFaultManager(clock);
      const options = {
        name: 'ros2',
        medkitNodes: createMedkitNodes(robot, clock),
        names,
        opened,
        clock,
        log: () => undefined,
      };
      const its = await servedFaultManager(options);
      const before = { code: 'BEFORE', event: 'FAILED', severity: 2, description: 'a', source: '/a' } as const;
      await its.report(before);
      const model = await openGateway(faultOptions(clock, { mode: 'auto' }));
      const faults = faultsOf(model, scene);
      assert.deepEqual(await faults.codes(), ['BEFORE']);
      const codes = async () =>
        (await model.health()).warnings.flatMap(({ code }) => (/^fault/.test(code) ? [code] : []));
      assert.deepEqual(await codes(), ['faults_kept_elsewhere'], 'health says so from the start');
      await its.report({ ...before, code: 'WHILE' });
      await until(() => faults.events.length === 1, 'the event has come');

      await its.close();
      const leftMs = clock.monotonicMs();
      const reported = model
        .provider(FAULTS)!
        .faults!.report(FAULT_MANAGER_ID, { ...before, code: 'LATE' }, patientCall(scene));
      const node = await robot.node({ name: 'motor' });
      const client = await node.client('/fault_manager/report_fault', REPORT_FAULT_TYPE);
      assert.equal(await during(Promise.resolve(reported)), true);
      assert.ok(clock.monotonicMs() - leftMs < 3000);
      assert.equal((await block(model)).mode, 'own');
      assert.deepEqual(await during(client.call(REPORT, { timeoutMs: 5000 })), { accepted: true });
      assert.deepEqual(await faults.codes(), ['BEFORE', 'LATE', 'MOTOR_HOT', 'WHILE']);
      assert.deepEqual(await codes(), []);
    }));

  it('stores faults itself if no other manager does, and reports when another appears', () =>
    play(async (scene) => {
      const { robot, openGateway, until, clock, logged } = scene;
      const model = await openGateway(faultOptions(clock, { mode: 'auto' }));
      assert.equal((await block(model)).mode, 'looking');
      assert.deepEqual(await faultsOf(model, scene).codes(), []);
      assert.equal((await block(model)).mode, 'own');
      const other = await robot.node({ name: 'other_manager' });
      await other.service('/fault_manager/report_fault', REPORT_FAULT_TYPE, () => ({ accepted: true }));
      await until(() => logged.some((line) => line.includes('in addition to medkit')), 'the operator is told');
      await until(() => model.tree.all('app').length === 1, 'the node is there');
      const [warning] = (await model.health()).warnings.filter(({ code }) => code === 'two_fault_managers');
      assert.deepEqual(warning?.nodes, ['/other_manager']);
    }));
});
