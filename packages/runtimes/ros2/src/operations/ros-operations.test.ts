import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callContext, gatewayPrincipal, type JsonValue, type OperationProvider } from '@medkit/core';
import { errorOf } from '@medkit/core/testing';
import { CallTimeout, type RosEndpoint, ServerLost, ServiceUnavailable } from '@medkit/ros2';
import { rosEndpoint, rosNode } from '../testing/fake-ros.ts';
import { settle, startRuntime } from '../testing/running-runtime.ts';

const SET_BOOL = 'std_srvs/srv/SetBool';
const ENABLE = '/driver/enable';
const SPIN = '/spin';
const SPIN_TYPE = 'nav2_msgs/action/Spin';

function serverOf(name: string, type: string): RosEndpoint {
  return rosEndpoint({ gid: `srv ${name}`, role: 'service', name, type, node: '/driver' });
}

async function setUp() {
  const { ros, runtime, clock, seen } = await startRuntime([
    serverOf(ENABLE, SET_BOOL),
    serverOf('/driver/get_parameters', 'rcl_interfaces/srv/GetParameters'),
    serverOf('/driver/mystery', 'my_pkg/srv/Mystery'),
    serverOf(`${SPIN}/_action/send_goal`, `${SPIN_TYPE}_SendGoal`),
    serverOf(`${SPIN}/_action/cancel_goal`, 'action_msgs/srv/CancelGoal'),
  ]);
  for (const known of [`${SET_BOOL}_Request`, `${SET_BOOL}_Response`, `${SPIN_TYPE}_Goal`]) ros.knownTypes.add(known);
  const operations: OperationProvider = runtime.providers.operations!;
  const call = (owner?: string) => callContext({ clock, timeoutMs: 12_000, principal: gatewayPrincipal(owner) });
  return {
    ros,
    runtime,
    clock,
    seen,
    operationsOf: (nativeId: string) => ({
      invoke: (id: string, parameters: JsonValue) =>
        operations.invoke(nativeId, id, { parameters, type: undefined }, call()),
    }),
    appears: (nativeId: string, name: string) => operations.appears!(nativeId, name, call()),
    list: (nativeId = '/driver') => operations.list(nativeId, call()),
    invoke: (id: string, parameters?: JsonValue, type?: string, owner?: string) =>
      operations.invoke('/driver', id, { parameters, type }, call(owner)),
    executions: (id: string) => operations.executions('/driver', id, call()),
    execution: (id: string, executionId: string) => operations.execution('/driver', id, executionId, call()),
    control: (executionId: string, capability: string, id = SPIN) =>
      operations.control('/driver', id, executionId, capability, call()),
  };
}

describe('operations of a node', () => {
  it('are its services and actions, with schemas if all of their messages are known', async () => {
    const { list } = await setUp();
    assert.deepEqual(await list(), [
      {
        id: ENABLE,
        name: 'enable',
        asynchronous: false,
        shared: true,
        terms: { ros2: { kind: 'service', service: ENABLE, type: SET_BOOL } },
        typeInfo: { request: { type: 'object' }, response: { type: 'object' } },
      },
      {
        id: '/driver/mystery',
        name: 'mystery',
        asynchronous: false,
        shared: true,
        terms: { ros2: { kind: 'service', service: '/driver/mystery', type: 'my_pkg/srv/Mystery' } },
      },
      {
        id: SPIN,
        name: 'spin',
        asynchronous: true,
        shared: true,
        terms: { ros2: { kind: 'action', action: SPIN, type: SPIN_TYPE } },
      },
    ]);
    assert.deepEqual(await list('/listener'), []);
    assert.deepEqual(await list('host'), []);
  });

  it('are removed with their servers', async () => {
    const { ros, list, invoke } = await setUp();
    ros.change({ gone: [`srv ${ENABLE}`] });
    assert.deepEqual(
      (await list()).map(({ name }) => name),
      ['mystery', 'spin'],
    );
    assert.equal((await errorOf(invoke(ENABLE))).code, 'operation-not-found');
  });
});

describe('calling a service', () => {
  it('waits for it if its node is known already, and its services are not', async () => {
    const { ros, clock, operationsOf } = await setUp();
    ros.change({ nodes: [rosNode('/arm')] });
    const home = '/arm/enable';
    ros.services.set(home, async () => ({ success: true }));
    const answer = operationsOf('/arm').invoke(home, { data: true });
    await clock.advanceAsync(200, 50);
    ros.change({ endpoints: [{ ...serverOf(home, SET_BOOL), node: '/arm' }] });
    assert.deepEqual(await answer, { answer: { success: true } });
  });

  it('waits for a service of a new node if a client requests it, and for no other', async () => {
    const { ros, clock, appears } = await setUp();
    ros.change({ nodes: [rosNode('/arm')] });
    const home = Promise.all([appears('/arm', 'home'), appears('/arm', 'arm/home'), appears('/arm', '/arm/home')]);
    const away = appears('/arm', 'away');
    await clock.advanceAsync(200, 50);
    ros.change({ endpoints: [{ ...serverOf('/arm/home', SET_BOOL), node: '/arm' }] });
    assert.deepEqual(await home, [true, true, true]);
    await clock.advanceAsync(1000, 100);
    assert.equal(await away, false);
    assert.equal(await appears('/driver', 'nothing'), false, 'a node that has been there for longer');
  });

  it('returns its answer; omitted arguments have their defaults', async () => {
    const { ros, invoke } = await setUp();
    ros.services.set(ENABLE, (request) => ({ success: true, message: JSON.stringify(request) }));
    assert.deepEqual(await invoke(ENABLE, { data: true }), { answer: { success: true, message: '{"data":true}' } });
    assert.deepEqual(await invoke(ENABLE), { answer: { success: true, message: '{}' } });
    assert.equal(ros.openClients, 1);
  });

  for (const [what, reason] of [
    ['does not answer', new CallTimeout('no answer in 10 s')],
    ['loses its server', new ServerLost('it went')],
  ] as const) {
    it(`that ${what} has an unknown outcome, with the reason`, async () => {
      const { ros, invoke } = await setUp();
      ros.services.set(ENABLE, () => Promise.reject(reason));
      const { code, status, message, parameters } = await errorOf(invoke(ENABLE));
      assert.deepEqual([code, status], ['x-medkit-outcome-unknown', 504]);
      assert.match(message, /^\/driver\/enable was called, and its outcome is unknown/);
      assert.deepEqual(parameters, { service: ENABLE, details: reason.message });
    });
  }

  it('that no node offers is a failure: nothing was sent', async () => {
    const { ros, invoke } = await setUp();
    ros.services.set(ENABLE, () => Promise.reject(new ServiceUnavailable('nobody')));
    const { code, status } = await errorOf(invoke(ENABLE));
    assert.deepEqual([code, status], ['x-medkit-ros2-service-unavailable', 500]);
  });

  it('is reported with its outcome and duration', async () => {
    const { ros, clock, seen, invoke } = await setUp();
    ros.services.set(ENABLE, () => ({ success: true, message: '' }));
    await invoke(ENABLE);
    ros.services.set(ENABLE, () => {
      clock.advance(10_000);
      return Promise.reject(new CallTimeout('silent'));
    });
    await errorOf(invoke(ENABLE));
    ros.services.set(ENABLE, () => Promise.reject(new ServiceUnavailable('no server')));
    await errorOf(invoke(ENABLE));
    assert.deepEqual(seen.serviceCalls, [
      { outcome: 'ok', durationMs: 0 },
      { outcome: 'timeout', durationMs: 10_000 },
      { outcome: 'error', durationMs: 0 },
    ]);
  });

  it('whose answer could not be read is not sent', async () => {
    const { ros, invoke } = await setUp();
    let calls = 0;
    ros.services.set(ENABLE, () => ({ success: ++calls > 0 }));
    ros.knownTypes.delete(`${SET_BOOL}_Response`);
    const { code, parameters } = await errorOf(invoke(ENABLE));
    assert.equal(code, 'not-implemented');
    assert.match(String(parameters?.['file']), /SetBool\.srv/);
    assert.equal(calls, 0);
  });

  it('of a type without a definition is an error that names it', async () => {
    const { invoke } = await setUp();
    const { code, status, message, parameters } = await errorOf(invoke('/driver/mystery'));
    assert.deepEqual([code, status], ['not-implemented', 501]);
    assert.match(message, /Put share\/my_pkg\/srv\/Mystery\.srv below a folder of AMENT_PREFIX_PATH/);
    assert.match(String(parameters?.['details']), /my_pkg\/srv\/Mystery/);
  });

  it('under another type is refused, because no server would receive it', async () => {
    const { ros, invoke } = await setUp();
    ros.services.set(ENABLE, () => ({}));
    assert.deepEqual(await invoke(ENABLE, {}, SET_BOOL), { answer: {} });
    const { code, status, parameters } = await errorOf(invoke(ENABLE, {}, 'std_srvs/srv/Trigger'));
    assert.deepEqual([code, status], ['invalid-parameter', 400]);
    assert.deepEqual(parameters, { type: 'std_srvs/srv/Trigger', expected_type: SET_BOOL });
  });

  it('that never answers holds no more than a bounded number of calls', async () => {
    const { ros, invoke } = await setUp();
    const answer = Promise.withResolvers<Record<string, never>>();
    let handled = 0;
    ros.services.set(ENABLE, () => {
      handled++;
      return answer.promise;
    });
    const calls = Array.from({ length: 10 }, () => invoke(ENABLE));
    await settle();
    const { code, status, parameters } = await errorOf(invoke(ENABLE));
    assert.deepEqual([code, status, parameters?.['in_flight']], ['service-unavailable', 503, 10]);
    assert.equal(handled, 10);
    answer.resolve({});
    await Promise.all(calls);
    await invoke(ENABLE);
  });

  it('that never answers leaves calls for others while one client calls all the time', async () => {
    const { ros, invoke } = await setUp();
    const answer = Promise.withResolvers<Record<string, never>>();
    ros.services.set(ENABLE, () => answer.promise);
    const greedy = () => invoke(ENABLE, undefined, undefined, 'user:greedy');
    const calls = Array.from({ length: 5 }, greedy);
    await settle();
    const { code, status, parameters } = await errorOf(greedy());
    assert.deepEqual([code, status, parameters], ['rate-limit-exceeded', 429, { in_flight: 10, held: 5 }]);
    const other = invoke(ENABLE, undefined, undefined, 'user:other');
    answer.resolve({});
    await Promise.all([...calls, other]);
    await greedy();
  });
});

describe('executions', () => {
  const GOAL = 'ab'.repeat(16);

  it('do not exist for a service', async () => {
    const { executions, execution, control } = await setUp();
    assert.deepEqual(await executions(ENABLE), []);
    for (const request of [execution(ENABLE, GOAL), control(GOAL, 'stop', ENABLE)]) {
      const { code, message } = await errorOf(request);
      assert.deepEqual([code, message], ['resource-not-found', 'Execution not found']);
    }
  });

  it('have no other capability than to stop', async () => {
    const { ros, invoke, control } = await setUp();
    ros.services.set(`${SPIN}/_action/send_goal`, () => ({ accepted: true, stamp: { sec: 1, nanosec: 0 } }));
    ros.services.set(`${SPIN}/_action/get_result`, () => new Promise<never>(() => undefined));
    const invoked = await invoke(SPIN, { target_yaw: 1 });
    assert.ok('execution' in invoked);
    const { id } = invoked.execution;
    for (const [capability, code, status, message] of [
      ['execute', 'precondition-not-fulfilled', 409, /^Cannot execute a goal again: this one is running/],
      ['freeze', 'invalid-parameter', 400, /^Capability not supported for ROS 2 actions$/],
      ['reset', 'invalid-parameter', 400, /^Capability not supported for ROS 2 actions$/],
      ['dance', 'invalid-parameter', 400, /^Unknown capability$/],
    ] as const) {
      const error = await errorOf(control(id, capability));
      assert.deepEqual([error.code, error.status], [code, status]);
      assert.match(error.message, message);
      assert.deepEqual(error.parameters, { capability, supported_capabilities: ['stop'] });
    }
  });

  it('leave nothing open when the runtime stops', async () => {
    const { ros, runtime, invoke, seen } = await setUp();
    ros.services.set(ENABLE, () => ({}));
    ros.services.set(`${SPIN}/_action/send_goal`, () => ({ accepted: true, stamp: { sec: 1, nanosec: 0 } }));
    ros.services.set(`${SPIN}/_action/get_result`, () => new Promise<never>(() => undefined));
    await invoke(ENABLE);
    await invoke(SPIN);
    assert.ok(ros.openClients > 0);
    await runtime.stop();
    assert.deepEqual([ros.openClients, ros.subscriptions.length, seen.logged], [0, 0, []]);
  });
});
