import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '@medkit/edges/node';
import {
  type ExecutingGoal,
  type GoalEnd,
  type LocalNode,
  openActionServer,
  openLifecycleServer,
  openParameterServer,
} from '@medkit/ros2';
import { reserveDomain } from '../harness/free-domain.ts';
import { openAdapter } from './open-adapter.ts';
import { type Peer, startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

const DOMAIN = await reserveDomain();
const FIBONACCI = 'example_interfaces/action/Fibonacci';
const STEP_MS = 20;
/**
 * Feedback is volatile: feedback published before both sides have discovered the client's subscription is lost to it.
 */
const DISCOVERY_MS = 400;

const fail = (error: unknown) => {
  throw error;
};

/** Returns the response that a peer receives to its call. */
async function call(peer: Peer, service: string, request: string): Promise<unknown> {
  peer.command(`call ${service} ${request}`);
  return (await peer.event('answer', service)).value;
}

async function countUp({ goal, signal, publishFeedback }: ExecutingGoal): Promise<GoalEnd> {
  const sequence = [0, 1];
  await delay(DISCOVERY_MS, undefined, { signal }).catch(() => undefined);
  while (sequence.length <= Number(goal['order'])) {
    if (signal.aborted) return { status: 'canceled', result: { sequence: Int32Array.from(sequence) } };
    sequence.push(sequence.at(-2)! + sequence.at(-1)!);
    await publishFeedback({ sequence: Int32Array.from(sequence) });
    await delay(STEP_MS);
  }
  return { status: 'succeeded', result: { sequence: Int32Array.from(sequence) } };
}

const offerCount = (node: LocalNode) =>
  openActionServer(node, {
    action: '/count',
    type: FIBONACCI,
    clock: systemClock,
    execute: countUp,
    acceptGoal: ({ order }) => Number(order) > 0,
    onFailure: fail,
  });

peerSuite('nodes of medkit as real DDS processes see them', {}, () => {
  for (const vendor of vendors) {
    test(`${vendor}: its action client follows a goal to its end`, { timeout: 60_000 }, async () => {
      await using adapter = await openAdapter({ domainId: DOMAIN });
      await offerCount(await adapter.node({ name: 'robot' }));
      await using peer = await startPeer({
        vendor,
        domainId: DOMAIN,
        commands: ['node /operator', `goal /count ${FIBONACCI} 6`],
      });
      const { accepted, goal } = await peer.event('goal', '/count');
      assert.equal(accepted, true);
      for (let length = 3; length <= 7; length += 1) {
        const { value } = await peer.event('feedback', '/count');
        assert.deepEqual(value, { sequence: [0, 1, 1, 2, 3, 5, 8].slice(0, length) });
      }
      const result = await peer.event('result', '/count');
      assert.deepEqual([result.goal, result.status], [goal, 4]);
      assert.deepEqual(result.value, { sequence: [0, 1, 1, 2, 3, 5, 8] });

      // The client ended with its goal; other clients follow.
      peer.command(`goal /count ${FIBONACCI} 500 cancel=100`);
      const { count, code } = await peer.event('canceling', '/count');
      assert.deepEqual([code, count], [0, 1]);
      assert.equal((await peer.event('result', '/count')).status, 5);
      await peer.event('goal', '/count');
      peer.command(`goal /count ${FIBONACCI} 0`);
      assert.equal((await peer.event('goal', '/count')).accepted, false);
    });

    test(`${vendor}: its parameter client lists, reads and sets parameters`, { timeout: 60_000 }, async () => {
      await using adapter = await openAdapter({ domainId: DOMAIN });
      await openParameterServer(await adapter.node({ name: 'robot' }), {
        clock: systemClock,
        declarations: [
          { name: 'speed', value: { type: 'double', value: 0.5 }, floatRange: { from: 0, to: 1, step: 0 } },
          { name: 'arm.count', value: { type: 'int', value: 2n ** 63n - 1n } },
          { name: 'serial', value: { type: 'string', value: 'grüße' }, readOnly: true },
        ],
      });
      await using peer = await startPeer({ vendor, domainId: DOMAIN, commands: ['node /operator'] });
      const list = 'rcl_interfaces/srv/ListParameters';
      const names = ['arm.count', 'serial', 'speed'];
      const listed = (await call(peer, '/robot/list_parameters', list)) as { names: string[]; prefixes: string[] };
      assert.deepEqual([listed.names.toSorted(), listed.prefixes], [names, ['arm']]);
      const get = `rcl_interfaces/srv/GetParameters ${names.join(' ')}`;
      const values = [String(2n ** 63n - 1n), 'grüße', 0.5];
      assert.deepEqual(await call(peer, '/robot/get_parameters', get), { values });
      const set = (parameter: string) =>
        call(peer, '/robot/set_parameters', `rcl_interfaces/srv/SetParameters ${parameter}`) as Promise<{
          successful: boolean;
          reason: string;
        }>;
      assert.deepEqual(await set('speed double 0.75'), { successful: true, reason: '' });
      for (const parameter of ['speed double 1.5', 'speed string fast', 'serial string new', 'nothing int 1']) {
        const { successful, reason } = await set(parameter);
        assert.equal(successful, false, parameter);
        assert.notEqual(reason, '');
      }
      const changed = await call(peer, '/robot/get_parameters', 'rcl_interfaces/srv/GetParameters speed');
      assert.deepEqual(changed, { values: [0.75] });
    });

    test(`${vendor}: its lifecycle client takes a managed node through its states`, { timeout: 60_000 }, async () => {
      await using adapter = await openAdapter({ domainId: DOMAIN });
      await openLifecycleServer(await adapter.node({ name: 'robot' }), {
        clock: systemClock,
        callbacks: { activate: () => 'failure' },
        onCallbackError: (_callback, error) => fail(error),
      });
      await using peer = await startPeer({ vendor, domainId: DOMAIN, commands: ['node /operator'] });
      const state = () => call(peer, '/robot/get_state', 'lifecycle_msgs/srv/GetState');
      const change = (label: string) => call(peer, '/robot/change_state', `lifecycle_msgs/srv/ChangeState ${label}`);
      assert.deepEqual(await state(), { id: 1, label: 'unconfigured' });
      assert.deepEqual(await change('configure'), { success: true });
      assert.deepEqual(await state(), { id: 2, label: 'inactive' });
      assert.deepEqual(await change('activate'), { success: false });
      assert.deepEqual(await state(), { id: 2, label: 'inactive' });
      assert.deepEqual(await change('deactivate'), { success: false });
      assert.deepEqual(await change('shutdown'), { success: true });
      assert.deepEqual(await state(), { id: 4, label: 'finalized' });
    });
  }
});
