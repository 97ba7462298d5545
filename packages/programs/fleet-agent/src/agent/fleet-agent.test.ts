import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock } from '@medkit/edges';
import { AgentStage } from '../testing/agent-stage.ts';
import { errorOf, GATEWAY_UNAVAILABLE } from '../testing/simulated-picture.ts';

describe('the states of a robot', () => {
  it('begin with ONLINE and a whole state once no other client was found', async () => {
    const stage = new AgentStage();
    const process = await stage.exclusiveAgent();
    assert.equal(process.agent.role, 'sole');
    assert.equal(stage.connection, 'ONLINE');
    assert.equal(stage.states.length, 1);
    assert.deepEqual(process.lines, [
      'listening for another client of AMR-0001',
      'received no message of another client of AMR-0001',
      'sole client of AMR-0001',
    ]);
  });

  it('are sent immediately with every change of errors, and otherwise every 30 s', async () => {
    const stage = new AgentStage();
    await stage.exclusiveAgent();
    stage.picture.setErrors('PROTECTIVE_STOP');
    await stage.pass(1);
    assert.deepEqual(stage.feedErrors, ['PROTECTIVE_STOP']);
    stage.picture.setErrors();
    await stage.pass(1);
    assert.deepEqual(stage.feedErrors, []);
    const before = stage.states.length;
    stage.picture.change({});
    await stage.pass(29_000);
    assert.equal(stage.states.length, before);
    await stage.pass(1500);
    assert.equal(stage.states.length, before + 1);
  });

  it('are combined into one if several errors change together', async () => {
    const stage = new AgentStage();
    await stage.exclusiveAgent();
    for (const count of [1, 2, 3]) stage.picture.setErrors(...['A', 'B', 'C'].slice(0, count));
    await stage.pass(1);
    assert.equal(stage.states.length, 2);
    assert.deepEqual(stage.feedErrors, ['A', 'B', 'C']);
  });

  it('name the most severe errors, and how many were left out for lack of space', async () => {
    const stage = new AgentStage();
    stage.broker.limits = { maxPacketBytes: 2000 };
    const process = await stage.exclusiveAgent();
    stage.picture.change({ errors: Array.from({ length: 200 }, (_, at) => errorOf(`FAULT_${at}`)) });
    await stage.pass(1);
    const [state, sentCodes] = [stage.states.at(-1), stage.feedErrors ?? []];
    assert.ok(sentCodes.length > 3 && sentCodes.length < 30, `${sentCodes.length}`);
    assert.equal(sentCodes[0], 'FAULT_0');
    assert.match(state?.information[0]?.description ?? '', new RegExp(`^${200 - sentCodes.length} more errors`));
    assert.equal(process.agent.health().states.left_out, 200 - sentCodes.length);
  });
});

describe('unknown values are not sent', () => {
  it('holds states back while the gateway is silent, and is OFFLINE after a grace period', async () => {
    const stage = new AgentStage();
    const process = await stage.exclusiveAgent();
    stage.picture.change({ gatewayProblem: GATEWAY_UNAVAILABLE });
    await stage.pass(9000);
    assert.equal(stage.connection, 'ONLINE');
    assert.equal(process.agent.health().withheld, GATEWAY_UNAVAILABLE);
    await stage.pass(1000);
    assert.equal(stage.connection, 'OFFLINE');
    await stage.pass(60_000, 1000);
    assert.equal(stage.states.length, 1);
    stage.picture.change({ gatewayProblem: undefined, errors: [errorOf('A')] });
    await stage.pass(1);
    assert.equal(stage.connection, 'ONLINE');
    assert.deepEqual(stage.feedErrors, ['A']);
  });

  it('sends nothing, not even ONLINE, before each member has had a value', async () => {
    const stage = new AgentStage();
    const { members } = stage.picture.picture ?? {};
    stage.picture.change({
      members: undefined,
      missing: [{ member: 'battery.charge', reason: 'no message came yet' }],
    });
    const process = await stage.exclusiveAgent();
    assert.equal(stage.connection, undefined);
    assert.equal(process.agent.role, 'listening');
    stage.picture.change({ members, missing: [] });
    await stage.pass(5000);
    assert.equal(stage.states.length, 1);
  });
});

describe('a broker', () => {
  it('that was offline gets the newest state and no earlier one', async () => {
    const stage = new AgentStage();
    await stage.exclusiveAgent();
    stage.broker.stop();
    for (const error of ['A', 'B', 'C']) {
      stage.picture.setErrors(error);
      await stage.pass(20_000, 500);
    }
    stage.broker.start();
    await stage.pass(40_000);
    assert.equal(stage.connection, 'ONLINE');
    assert.deepEqual(
      stage.states.slice(1, 2).flatMap(({ errors }) => errors.map(({ type }) => type)),
      ['C'],
    );
  });

  it('that cuts a connection has CONNECTION_BROKEN until the agent is back', async () => {
    const stage = new AgentStage();
    await stage.exclusiveAgent();
    const [clientId = ''] = stage.broker.clients;
    stage.broker.kill(clientId);
    assert.equal(stage.connection, 'CONNECTION_BROKEN');
    await stage.pass(5000);
    assert.equal(stage.connection, 'ONLINE');
    assert.equal(stage.states.length, 2);
  });

  it('that reads nothing gets one state when it continues, and then the newest', async () => {
    const stage = new AgentStage();
    await stage.exclusiveAgent();
    stage.broker.stall();
    for (const error of ['A', 'B', 'C', 'D']) {
      stage.picture.setErrors(error);
      await stage.pass(500);
    }
    stage.picture.setErrors();
    stage.broker.resume();
    await stage.pass(10, 1);
    assert.deepEqual(
      stage.states.slice(1).map(({ errors }) => errors.map(({ type }) => type)),
      [['A'], []],
    );
  });

  it('that is full is reported, and tried again', async () => {
    const stage = new AgentStage();
    stage.broker.refusal = 'the broker refuses us: quota exceeded';
    const process = await stage.exclusiveAgent();
    assert.equal(process.agent.health().broker.problem, 'the broker refuses us: quota exceeded');
    assert.deepEqual(process.lines.filter((line) => line.includes('quota')).length, 1);
    stage.broker.refusal = undefined;
    await stage.pass(80_000, 500);
    assert.equal(stage.connection, 'ONLINE');
  });
});

describe('a serial number', () => {
  it('is used by one agent of two, and the health of the other says so', async () => {
    const stage = new AgentStage();
    const [one, two] = [stage.agent({ data: '/one' }), stage.agent({ data: '/two' })];
    await one.start();
    await two.start();
    await stage.pass(200_000, 100);
    assert.deepEqual([one, two].map(({ agent }) => agent.role).sort(), ['feed', 'sole']);
    assert.equal(stage.connection, 'ONLINE');
    const silent = one.agent.role === 'feed' ? one : two;
    assert.match(silent.agent.health().why, /another client/);
    assert.match(silent.agent.health().remedy ?? '', /--take-over/);
  });

  it('is left to another client of the robot while that sends, also after a restart, unless --take-over is set', async () => {
    const stage = new AgentStage();
    const process = await stage.exclusiveAgent();
    stage.foreignWord('ONLINE');
    await stage.pass(1);
    assert.equal(process.agent.role, 'feed');
    assert.equal(stage.connection, 'ONLINE', 'the word of the other one stands');
    const sent = stage.states.length;
    stage.picture.setErrors('A');
    for (let states = 0; states < 20; states++) {
      stage.foreignState();
      await stage.pass(30_000, 500);
    }
    assert.equal(process.agent.role, 'feed');
    await process.agent.stop();
    const again = await stage.exclusiveAgent();
    assert.equal(again.agent.role, 'feed');
    assert.equal(stage.states.length, sent + 20);
    await again.agent.stop();
    const taken = await stage.exclusiveAgent({ takesOver: true });
    assert.equal(taken.agent.role, 'sole');
    assert.deepEqual(stage.feedErrors, ['A']);
  });

  it('is lost only temporarily by a forged message: a fault is reported, and the agent is back some minutes later', async () => {
    for (const restarts of [false, true]) {
      const stage = new AgentStage();
      const reports: string[] = [];
      const reportOther = async (event: string) => void reports.push(event);
      let process = await stage.exclusiveAgent({ reportOther });
      stage.foreignWord('ONLINE');
      stage.foreignState();
      await stage.pass(1);
      assert.equal(process.agent.role, 'feed');
      assert.deepEqual(reports, ['FAILED']);
      assert.match(process.lines.at(-1) ?? '', /another client publishes for AMR-0001.*ACL/);
      stage.order();
      if (restarts) {
        await process.agent.stop();
        process = stage.agent({ reportOther });
        await process.start();
      }
      await stage.pass(240_000, 500);
      assert.equal(process.agent.role, 'sole', `restarts: ${restarts}`);
      assert.deepEqual(reports, ['FAILED', 'PASSED']);
      stage.picture.setErrors('A');
      await stage.pass(1);
      assert.deepEqual(stage.feedErrors, ['A'], 'an order to the other client is not refused');
      await process.agent.stop();
      assert.equal((await stage.exclusiveAgent()).agent.role, 'sole', 'it is over for later processes, too');
    }
  });

  it('is claimed again by an agent that was killed, although the broker still stores its ONLINE', async () => {
    const stage = new AgentStage();
    const process = await stage.exclusiveAgent();
    stage.broker.stop();
    process.kill();
    stage.broker.start();
    assert.equal(stage.connection, 'ONLINE', 'what the broker had kept');
    const again = await stage.exclusiveAgent();
    assert.equal(again.agent.role, 'sole');
  });

  it('is OFFLINE when its agent is stopped, and broken when that is killed', async () => {
    const stage = new AgentStage();
    const stopped = await stage.exclusiveAgent();
    const end = stopped.agent.stop();
    await stage.pass(3000);
    await end;
    assert.equal(stage.connection, 'OFFLINE');
    assert.deepEqual(stage.broker.clients, []);
    (await stage.exclusiveAgent()).kill();
    assert.equal(stage.connection, 'CONNECTION_BROKEN');
  });

  it('is claimed also if timers fire a little early', async () => {
    const stage = new AgentStage();
    const { clock } = stage;
    let readings = 0;
    const early: Clock = {
      wallMs: () => clock.wallMs(),
      wallNs: () => clock.wallNs(),
      // Time advances between two readings.
      monotonicMs: () => clock.monotonicMs() + 0.2 * ++readings,
      after: (delayMs, callback) => clock.after(delayMs - 0.3, callback),
      every: (periodMs, callback) => clock.every(periodMs, callback),
    };
    const process = await stage.exclusiveAgent({ clock: early });
    assert.equal(process.agent.role, 'sole');
  });

  it('leaves a broker that reads nothing within 3 s', async () => {
    const stage = new AgentStage();
    const process = await stage.exclusiveAgent();
    stage.broker.stall();
    let isOver = false;
    void process.agent.stop().then(() => {
      isOver = true;
    });
    await stage.pass(3000);
    assert.ok(isOver);
  });

  it('survives a damaged record, and reports it', async () => {
    const stage = new AgentStage();
    stage.files.put('/data/serial.json', '{"series": "x');
    const process = await stage.exclusiveAgent();
    assert.equal(process.agent.role, 'sole');
    assert.match(process.agent.health().warnings[0] ?? '', /cannot read .*serial\.json, which counts as empty/);
  });
});

describe('the headerId of the messages of a robot', () => {
  it('increases on each topic, over restarts, kills and wills, and stays small', async () => {
    const stage = new AgentStage();
    for (const end of ['stop', 'kill', 'cut', 'kill'] as const) {
      const process = await stage.exclusiveAgent();
      stage.picture.setErrors(end);
      await stage.pass(1);
      if (end === 'cut') {
        stage.broker.kill(stage.broker.clients[0] ?? '');
        await stage.pass(5000);
      }
      if (end === 'kill') process.kill();
      else await Promise.all([process.agent.stop(), stage.pass(3000)]);
    }
    for (const name of ['connection', 'state'] as const) {
      const ids = stage.broker.published
        .filter(({ topic }) => topic === stage.topic(name))
        .map(({ payload }) => JSON.parse(payload).headerId as number);
      assert.ok(ids.length >= 8, `${ids}`);
      assert.deepEqual(
        ids,
        [...new Set(ids)].toSorted((a, b) => a - b),
        name,
      );
      assert.ok(Math.max(...ids) < 10_000, `${name}: ${ids}`);
    }
  });
});

describe('an empty message, which clears what a broker stores for a topic', () => {
  for (const version of ['2.0.0', '2.1.0', '3.0.0'] as const) {
    it(`is neither an order nor an action in ${version}, and no other client`, async () => {
      const stage = new AgentStage({ version });
      const process = await stage.exclusiveAgent();
      for (const name of ['order', 'instantActions', 'state', 'factsheet', 'visualization'] as const) {
        for (const retain of [true, false]) stage.broker.publish(stage.topic(name), '', { retain });
      }
      stage.picture.setErrors('A');
      await stage.pass(1);
      assert.equal(process.agent.role, 'sole');
      assert.deepEqual(stage.feedErrors, ['A']);
    });
  }

  it('on the topic connection clears a stored ONLINE, and the agent publishes its ONLINE again', async () => {
    const stage = new AgentStage();
    stage.foreignWord('ONLINE');
    const process = stage.agent();
    await process.start();
    await stage.pass(5000, 500);
    stage.broker.publish(stage.topic('connection'), '', { qos: 1, retain: true });
    await stage.pass(40_000, 500);
    assert.equal(process.agent.role, 'sole');
    stage.broker.publish(stage.topic('connection'), '', { qos: 1, retain: true });
    await stage.pass(1000);
    assert.equal(stage.connection, 'ONLINE');
  });
});

describe('fleet control', () => {
  for (const version of ['2.0.0', '2.1.0', '3.0.0'] as const) {
    it(`gets an error for its orders immediately in ${version}`, async () => {
      const stage = new AgentStage({ version });
      await stage.exclusiveAgent();
      const header = stage.order();
      await stage.pass(1);
      assert.deepEqual(stage.feedErrors, [version !== '3.0.0' ? 'orderError' : 'MOBILE_ROBOT_NOT_AVAILABLE']);
      stage.broker.publish(stage.topic('order'), '{"orderId":');
      await stage.pass(1);
      assert.deepEqual(stage.feedErrors, [version !== '3.0.0' ? 'validationError' : 'VALIDATION_FAILURE']);
      const actions = [{ actionId: 'a1', actionType: 'cancelOrder', parameters: {} }];
      stage.broker.publish(stage.topic('instantActions'), stage.protocol.encodeInstantActions(header, actions));
      await stage.pass(1);
      assert.deepEqual(stage.feedErrors, [version !== '3.0.0' ? 'noOrderToCancel' : 'NO_ORDER_TO_CANCEL']);
    });
  }
});
