import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '@medkit/edges';
import { headerMaker, protocolOf } from '@medkit/vda5050';
import { eventually } from '../harness/eventually.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { startBrokerProxy } from './broker-proxy.ts';
import { FleetScene, FOREIGN } from './fleet-scene.ts';

const options = { skip: missingSystemPackages('mosquitto'), timeout: 240_000, concurrency: 2 };

describe('an agent at a broker in trouble', options, () => {
  it('sends only the newest state to a killed broker that returns', async () => {
    await using scene = await FleetScene.open('3.0.0');
    const agent = scene.agent();
    await scene.untilExclusive(agent);
    await scene.stand('BEFORE');
    await scene.broker.kill();
    await scene.stand('MEANWHILE');
    await scene.stand('AFTER');
    await scene.broker.restart();
    const view = await scene.view();
    await scene.isSeen(view);
    assert.deepEqual(new Set(view.states.flatMap(({ errors }) => errors)), new Set(['AFTER']));
  });

  it('continues after a broker was paused for longer than its keepalive', async () => {
    await using scene = await FleetScene.open('2.1.0');
    const agent = scene.agent();
    const view = await scene.view();
    await scene.untilExclusive(agent);
    await scene.stand('BEFORE');
    await scene.isSeen(view);
    scene.broker.pause();
    for (const error of ['ONE', 'TWO', 'THREE']) await scene.stand(error);
    await eventually('the agent has noticed', async () => (await agent.health()).role !== 'sole');
    await scene.stand('AFTER');
    scene.broker.resume();
    await scene.isSeen(view);
  });

  it('reconnects after a cut connection, and sends few states over one that forwards nothing', async () => {
    await using scene = await FleetScene.open('3.0.0');
    await using line = await startBrokerProxy(scene.broker.url);
    const agent = scene.agent({ brokerUrl: line.url });
    const view = await scene.view();
    await scene.untilExclusive(agent);
    await scene.isSeen(view);
    line.cut();
    await eventually('its will is heard', async () => view.connection === 'CONNECTION_BROKEN');
    await scene.isSeen(view);
    line.block();
    const before = view.states.length;
    for (let at = 0; at < 20; at++) await scene.stand(`BLOCKED_${at}`);
    line.unblock();
    await scene.isSeen(view);
    assert.ok(view.states.length - before < 10, `${view.states.length - before} states were on their way`);
  });

  it('waits for a free connection at a full broker, and omits errors that exceed its packet limit', async () => {
    await using scene = await FleetScene.open('3.0.0', { maxConnections: 2, maxPacketBytes: 3000 });
    const [view, other] = [await scene.view(), await scene.view()];
    const agent = scene.agent();
    await eventually('the agent tells why', async () => (await agent.health()).broker.problem !== undefined);
    await other[Symbol.asyncDispose]();
    await scene.untilExclusive(agent);
    await eventually('a state is there', async () => view.states.length > 0);
    const many = Array.from({ length: 50 }, (_, at) => `FAULT_${at}`);
    const before = view.states.length;
    scene.standUnjudged(many);
    const short = await eventually('a state that is shortened', async () =>
      view.states.slice(before).find((state) => state.information.includes('MORE_ERRORS')),
    );
    assert.ok(short.errors.length > 2 && short.errors.length < 50, `${short.errors.length}`);
  });

  it('can be killed at any point', async (test) => {
    const seed = Number(process.env['AGENT_SEED'] ?? Date.now() % 1e9);
    test.diagnostic(`AGENT_SEED=${seed}`);
    const random = seededRandom(seed);
    await using scene = await FleetScene.open('2.1.0');
    const view = await scene.view();
    for (let life = 0; life < 3; life++) {
      const agent = scene.agent();
      await eventually('it listens', async () => (await agent.health()).broker.connected);
      await delay(random.float() * 1800);
      await scene.kill(agent);
      await eventually('no ONLINE of nobody stays', async () => view.connection !== 'ONLINE');
      await scene.stand(`LIFE_${life}`);
    }
    const agent = scene.agent();
    await scene.isSeen(view);
    assert.equal(await agent.end('SIGTERM'), 0);
    await eventually('the broker has handed on that it went', async () => view.connection === 'OFFLINE');
  });

  it('is the only one of two that start together, and yields to a client of the robot', async () => {
    await using scene = await FleetScene.open('3.0.0');
    const view = await scene.view();
    const agents = ['one', 'two'].map((name) => scene.agent({ dataDir: join(scene.folder, name) }));
    const roles = async () =>
      (await Promise.all(agents.map((agent) => agent.health())))
        .map(({ role }) => role)
        .sort()
        .join();
    await eventually('one is the client', async () => (await roles()) === 'feed,sole');
    await scene.stand('A');
    await scene.isSeen(view);
    assert.equal(
      view.states.every(({ headerId }, at) => at === 0 || headerId === view.states[at - 1]!.headerId + 1),
      true,
      'one speaks',
    );

    const protocol = protocolOf('3.0.0');
    const header = headerMaker(scene.robot, Date.now);
    await view.publish('connection', protocol.encodeConnection(header(), 'ONLINE'));
    await eventually('it gives way', async () => (await roles()) === 'feed,feed');
    await scene.stand('A', 'B');
    // Time passes: after a silence of 5 s both agents would be back.
    await eventually('the other one is heard', async () => {
      await view.publish('state', protocol.encodeState(header(), scene.foreignState()));
      return view.states.filter(({ errors }) => errors.includes(FOREIGN)).length > 5;
    });
    assert.equal(
      view.states.some(({ errors }) => errors.includes('B')),
      false,
    );
    assert.equal(view.connection, 'ONLINE');
  });
});
