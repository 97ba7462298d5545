import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callContext } from '@medkit/core';
import { errorOf } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { CallTimeout, type CancelOutcome, type GoalStatus, ServerLost, ServiceUnavailable } from '@medkit/ros2';
import { TypeInfos } from '../data/type-infos.ts';
import { FakeAction, fakeGoalId } from '../testing/fake-action.ts';
import { FakeRos } from '../testing/fake-ros.ts';
import { settle } from '../testing/running-runtime.ts';
import { OperationTypes } from './operation-types.ts';
import { RosActions } from './ros-actions.ts';
import type { RosOperation } from './ros-operation.ts';

const SPIN: RosOperation = { kind: 'action', name: '/spin', type: 'nav2_msgs/action/Spin' };
const IDLE_MS = 60_000;
const FIRST = fakeGoalId(1).replaceAll('-', '');

function setUp() {
  const clock = new SimulatedClock();
  const adapter = new FakeRos();
  adapter.knownTypes.add(`${SPIN.type}_Goal`);
  const logged: string[] = [];
  const log = (_: string, message: string) => void logged.push(message);
  const clients: FakeAction[] = [];
  const changes: string[] = [];
  const types = new OperationTypes({ adapter, typeInfos: new TypeInfos({ adapter, clock, log }) });
  const actions = new RosActions({
    openClient: async (action, type) => {
      const client = new FakeAction(action, type);
      clients.push(client);
      return client;
    },
    adapter,
    types,
    clock,
    log,
    callTimeoutMs: 10_000,
    changed: (action, id, status) => changes.push(`${action} ${id === FIRST ? 'first' : id} ${status}`),
  });
  const call = () => callContext({ clock, timeoutMs: 12_000 });
  /** Awaits `promise` while advancing the clock. */
  const during = async <T>(promise: Promise<T>): Promise<T> => {
    let settled = false;
    const end = () => {
      settled = true;
    };
    promise.then(end, end);
    while (!settled) await clock.advanceAsync(50, 50);
    return promise;
  };
  return {
    clock,
    call,
    clients,
    logged,
    changes,
    actions,
    during,
    send: (parameters: { readonly [name: string]: number } = {}) =>
      actions.send(SPIN, { parameters, type: undefined }, call()),
    executions: () => during(actions.executions(SPIN, call())),
    execution: (id = FIRST) => during(actions.execution(SPIN, id, call())),
    cancel: (id = FIRST) => during(actions.cancel(SPIN, id, call())),
    /** The server lists the first goal with this status. */
    list: (status: GoalStatus) =>
      clients.at(-1)?.list({ goalId: fakeGoalId(1), status, acceptedNs: 1_767_225_600_000_000_000n }),
  };
}

describe('a goal that was sent', () => {
  it('is running from the moment of its acceptance', async () => {
    const { send, clients } = setUp();
    assert.deepEqual(await send({ target_yaw: 1.57 }), {
      id: FIRST,
      status: 'running',
      capability: 'execute',
      createdMs: 1_767_225_600_000,
      terms: { ros2_status: 'accepted', ros2: { action: '/spin', type: SPIN.type } },
    });
    assert.deepEqual(clients[0]?.sent, [{ target_yaw: 1.57 }]);
    assert.deepEqual(clients[0]?.requested, [fakeGoalId(1)], 'its result is asked for from the start');
  });

  for (const [status, expected] of [
    ['unknown', 'running'],
    ['accepted', 'running'],
    ['executing', 'running'],
    ['canceling', 'running'],
    ['succeeded', 'completed'],
    ['canceled', 'failed'],
    ['aborted', 'failed'],
  ] as const) {
    it(`is ${expected} while its server lists it as ${status}`, async () => {
      const { send, list, execution } = setUp();
      await send();
      list(status);
      const { status: is, terms } = await execution();
      assert.deepEqual([is, terms?.['ros2_status']], [expected, status]);
    });
  }

  it('is reported with every change of status, and only then', async () => {
    const { send, list, clients, changes, actions, clock } = setUp();
    await send();
    list('accepted');
    list('executing');
    list('executing');
    clients[0]!.report(fakeGoalId(1), { left: 2 });
    list('canceling');
    actions.giveUpUnless(() => false);
    list('canceling');
    list('canceled');
    await clock.advanceAsync(10);
    const statuses = ['accepted', 'executing', 'canceling', 'unknown', 'canceling', 'canceled'];
    assert.deepEqual(
      changes,
      statuses.map((status) => `/spin first ${status}`),
    );
  });

  it('shows its latest feedback, and its result when it has one', async () => {
    const { send, clients, list, execution } = setUp();
    const result = Promise.withResolvers<{ status: GoalStatus; result: { total: number } }>();
    await send();
    clients[0]!.onResult = () => result.promise;
    await send();
    const id = fakeGoalId(2).replaceAll('-', '');
    clients[0]!.report(fakeGoalId(2), { left: 2 });
    clients[0]!.report(fakeGoalId(2), { left: 1 });
    list('executing');
    assert.deepEqual((await execution(id)).feedback, { left: 1 });
    result.resolve({ status: 'succeeded', result: { total: 3 } });
    await settle();
    const ended = await execution(id);
    assert.deepEqual([ended.status, ended.feedback, ended.result], ['completed', { left: 1 }, { total: 3 }]);
  });

  it('that has ended is not shown as ended before its result is available, as clients stop polling then', async () => {
    const { send, clients, list, execution, clock } = setUp();
    const result = Promise.withResolvers<{ status: GoalStatus; result: { total: number } }>();
    await send();
    clients[0]!.onResult = () => result.promise;
    await send();
    list('succeeded');
    clients[0]!.list({ goalId: fakeGoalId(2), status: 'succeeded', acceptedNs: 1n });
    clock.after(100, () => result.resolve({ status: 'succeeded', result: { total: 3 } }));
    assert.deepEqual((await execution(fakeGoalId(2))).result, { total: 3 });
    // A missing result is waited for only briefly.
    assert.equal((await execution()).result, undefined);
  });

  it('whose server disconnects has failed', async () => {
    const { send, clients, execution } = setUp();
    await send();
    clients[0]!.onResult = () => Promise.reject(new ServerLost('it went'));
    await send();
    await settle();
    const { status, error, terms } = await execution(fakeGoalId(2));
    assert.deepEqual([status, terms?.['ros2_status']], ['failed', 'unknown']);
    assert.match(error ?? '', /left the graph/);
    // The server was only unreachable: it lists the goal again and returns its result.
    clients[0]!.onResult = async () => ({ status: 'succeeded', result: { total: 3 } });
    clients[0]!.list({ goalId: fakeGoalId(2), status: 'executing', acceptedNs: 1n });
    assert.equal((await execution(fakeGoalId(2))).status, 'running');
    clients[0]!.list({ goalId: fakeGoalId(2), status: 'succeeded', acceptedNs: 1n });
    assert.deepEqual((await execution(fakeGoalId(2))).result, { total: 3 });
  });

  it('that is refused is an error, as is one that no server accepts', async () => {
    const { send, clients } = setUp();
    await send();
    clients[0]!.onSend = (goalId) => ({ goalId, accepted: false, acceptedNs: 0n });
    const refused = await errorOf(send());
    assert.deepEqual([refused.code, refused.status], ['x-medkit-ros2-action-rejected', 400]);
    clients[0]!.onSend = () => Promise.reject(new ServiceUnavailable('nobody'));
    const failed = await errorOf(send());
    assert.deepEqual([failed.code, failed.status], ['x-medkit-ros2-action-unavailable', 500]);
    assert.equal(failed.message, 'Action execution failed');
    assert.deepEqual(failed.parameters, { action: '/spin', details: 'nobody' });
  });

  for (const reason of [new CallTimeout('silent'), new ServerLost('gone')]) {
    it(`is running if its server lists it, even if the reply ends with ${reason.name}`, async () => {
      const { send, clients, list, during, actions, call } = setUp();
      await during(actions.executions(SPIN, call()));
      clients[0]!.onSend = () => {
        list('executing');
        return Promise.reject(reason);
      };
      const { id, status } = await send();
      assert.deepEqual([id, status], [FIRST, 'running']);
      assert.deepEqual(clients[0]!.requested, [fakeGoalId(1)], 'its result is asked for');
    });

    it(`has an unknown outcome and an id if its server is silent and the reply ends with ${reason.name}`, async () => {
      const { send, clients, list, during, execution, actions, call } = setUp();
      await during(actions.executions(SPIN, call()));
      clients[0]!.onSend = () => Promise.reject(reason);
      const failed = await errorOf(send());
      assert.deepEqual([failed.code, failed.status], ['x-medkit-outcome-unknown', 504]);
      assert.deepEqual(failed.parameters, { action: '/spin', execution_id: FIRST, details: reason.message });
      list('executing');
      assert.equal((await execution()).status, 'running');
    });
  }

  it('of a type without a definition is an error that names it', async () => {
    const { actions, clock } = setUp();
    const unheard = { ...SPIN, type: 'my_pkg/action/Dance' };
    const sent = actions.send(unheard, { parameters: {}, type: undefined }, callContext({ clock, timeoutMs: 1000 }));
    const { code, status, message } = await errorOf(sent);
    assert.deepEqual([code, status], ['not-implemented', 501]);
    assert.match(message, /my_pkg\/action\/Dance\. Put share\/my_pkg\/action\/Dance\.action below/);
  });
});

describe('the goals of other clients', () => {
  it('are listed as soon as the server has reported them', async () => {
    const { actions, clients, clock } = setUp();
    const listed = actions.executions(SPIN, callContext({ clock, timeoutMs: 12_000 }));
    await settle();
    clients[0]!.list({ goalId: fakeGoalId(7), status: 'executing', acceptedNs: 7n });
    const startedMs = clock.monotonicMs();
    assert.deepEqual(await listed, [fakeGoalId(7).replaceAll('-', '')]);
    assert.equal(clock.monotonicMs(), startedMs, 'nobody waits for what is there');
    assert.deepEqual(clients[0]!.requested, [], 'their results are their clients’ business');
  });

  it('have their result fetched once when a client reads them after their end', async () => {
    const { executions, clients, execution } = setUp();
    await executions();
    const client = clients[0]!;
    client.onResult = async () => ({ status: 'succeeded', result: { total: 3 } });
    client.list({ goalId: fakeGoalId(7), status: 'succeeded', acceptedNs: 7n });
    assert.deepEqual((await execution(fakeGoalId(7))).result, { total: 3 });
    await execution(fakeGoalId(7));
    assert.deepEqual(client.requested, [fakeGoalId(7)]);
  });

  it('have no result if their server has forgotten it, and are not asked for again', async () => {
    const { executions, clients, execution } = setUp();
    await executions();
    const client = clients[0]!;
    client.onResult = async () => ({ status: 'unknown', result: { total: 0 } });
    client.list({ goalId: fakeGoalId(7), status: 'succeeded', acceptedNs: 7n });
    for (let round = 0; round < 2; round++) {
      const { status, result } = await execution(fakeGoalId(7));
      assert.deepEqual([status, result], ['completed', undefined]);
    }
    assert.deepEqual(client.requested, [fakeGoalId(7)]);
  });

  it('that no server has reported are not found', async () => {
    const { executions, execution, cancel } = setUp();
    assert.deepEqual(await executions(), []);
    for (const id of [FIRST, 'exec_1', '']) {
      for (const request of [execution(id), cancel(id)]) {
        const { code, status, message } = await errorOf(request);
        assert.deepEqual([code, status, message], ['resource-not-found', 404, 'Execution not found']);
      }
    }
  });
});

describe('cancelling a goal', () => {
  it('is recorded and requested from its server', async () => {
    const { send, cancel, clients, list } = setUp();
    await send();
    list('executing');
    const { status, capability } = await cancel();
    assert.deepEqual([status, capability, clients[0]!.cancelled], ['running', 'stop', [fakeGoalId(1)]]);
  });

  for (const [outcome, code] of [
    ['rejected', 1],
    ['unknown-goal', 2],
    ['terminated', 3],
  ] as const) {
    it(`that its server answers with ${outcome} is refused with return code ${code}`, async () => {
      const { send, cancel, clients } = setUp();
      await send();
      clients[0]!.onCancel = () => ({ outcome: outcome satisfies CancelOutcome, canceling: [] });
      const error = await errorOf(cancel());
      assert.deepEqual([error.code, error.status], ['x-medkit-ros2-action-rejected', 400]);
      assert.equal(error.parameters?.['return_code'], code);
    });
  }

  it('twice is no error: the server answers that it is canceling', async () => {
    const { send, cancel, clients, list } = setUp();
    await send();
    list('canceling');
    clients[0]!.onCancel = () => ({ outcome: 'terminated', canceling: [] });
    assert.equal((await cancel()).capability, 'stop');
  });

  it('that has ended is refused without a request', async () => {
    const { send, cancel, clients, list } = setUp();
    await send();
    list('succeeded');
    assert.equal((await errorOf(cancel())).parameters?.['return_code'], 3);
    assert.deepEqual(clients[0]!.cancelled, []);
  });

  it('without an answer succeeds if the status shows its effect', async () => {
    for (const status of ['canceling', 'canceled'] as const) {
      const { send, cancel, clients, list } = setUp();
      await send();
      clients[0]!.onCancel = () => {
        list(status);
        return Promise.reject(new CallTimeout('silent'));
      };
      assert.equal((await cancel()).terms?.['ros2_status'], status);
    }
  });

  for (const [reason, code, status] of [
    [new CallTimeout('silent'), 'x-medkit-outcome-unknown', 504],
    [new ServiceUnavailable('nobody'), 'x-medkit-ros2-action-unavailable', 503],
    [new ServerLost('gone'), 'x-medkit-outcome-unknown', 504],
  ] as const) {
    it(`fails with ${status} if it ends with ${reason.name}`, async () => {
      const { send, cancel, clients, list } = setUp();
      await send();
      list('executing');
      clients[0]!.onCancel = () => Promise.reject(reason);
      const error = await errorOf(cancel());
      assert.deepEqual([error.code, error.status, error.parameters?.['details']], [code, status, reason.message]);
    });
  }

  it('without an answer is refused if the goal has ended otherwise meanwhile', async () => {
    const { send, cancel, clients, list } = setUp();
    await send();
    clients[0]!.onCancel = () => {
      list('succeeded');
      return Promise.reject(new CallTimeout('silent'));
    };
    assert.equal((await errorOf(cancel())).parameters?.['return_code'], 3);
  });

  it('that is forgotten meanwhile is not found', async () => {
    const { send, cancel, clients, list } = setUp();
    await send();
    list('executing');
    clients[0]!.onCancel = (goalId) => {
      const many = Array.from({ length: 100 }, (_, number) => ({
        goalId: fakeGoalId(number + 10),
        status: 'executing' as const,
        acceptedNs: 1n,
      }));
      clients[0]!.list(...many);
      return { outcome: 'accepted', canceling: [goalId] };
    };
    assert.equal((await errorOf(cancel())).code, 'resource-not-found');
  });
});

describe('the client of an action', () => {
  it('stays open while a goal is running, and is closed some time after', async () => {
    const { send, clients, clock, list, execution } = setUp();
    await send();
    list('executing');
    await clock.advanceAsync(10 * IDLE_MS, 1000);
    assert.equal(clients[0]!.closed, false);
    list('succeeded');
    await clock.advanceAsync(2 * IDLE_MS, 1000);
    assert.equal(clients[0]!.closed, true);
    assert.equal((await execution()).status, 'completed', 'what became of the goal is remembered');
  });

  it('does not stay open for goals whose server has disconnected silently', async () => {
    const { executions, execution, clients, clock, list, actions } = setUp();
    await executions();
    list('executing');
    actions.giveUpUnless((action) => action === '/spin');
    assert.equal((await execution()).status, 'running');
    actions.giveUpUnless(() => false);
    assert.equal((await execution()).status, 'failed');
    list('executing');
    assert.equal((await execution()).status, 'running', 'until it is there again');
    actions.giveUpUnless(() => false);
    await clock.advanceAsync(2 * IDLE_MS, 1000);
    assert.equal(clients[0]!.closed, true);
  });

  it('is opened once for all concurrent callers', async () => {
    const { send, executions, clients } = setUp();
    await Promise.all([send(), send(), executions(), executions()]);
    assert.equal(clients.length, 1);
  });

  it('is closed with the runtime, with or without goals', async () => {
    const { send, clients, actions, logged } = setUp();
    await send();
    await actions.close();
    await settle();
    assert.equal(clients[0]!.closed, true);
    assert.deepEqual(logged, []);
    assert.equal((await errorOf(send())).code, 'x-medkit-gateway-shutdown');
  });
});
