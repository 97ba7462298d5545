import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { SimulatedBroker } from '@medkit/mqtt/testing';
import { headerMaker, protocolOf, type RobotAddress, type RobotError, topicOf } from '@medkit/vda5050';
import { CARRIER_AT_START, stateOf } from './carrier/carrier.ts';
import { openCarrier } from './carrier/open-carrier.ts';
import { MAP_ID } from './control/trip.ts';
import { crossing } from './lanes/lanes.ts';
import { openFleetControl } from './open-fleet-control.ts';
import type { FleetView } from './view/fleet-view.ts';

const AMR_01: RobotAddress = { version: '3.0.0', manufacturer: 'medkit', serialNumber: 'AMR-01' };
const AMR_02: RobotAddress = { version: '2.1.0', manufacturer: 'medkit', serialNumber: 'AMR-02' };
const BROKER = { url: 'mqtt://127.0.0.1:1883', protocol: '3.1.1' } as const;
const LINK = 'http://127.0.0.1:8080/api/v1/apps/safety_gate/faults/PROTECTIVE_STOP';

const STOP: RobotError = {
  type: 'PROTECTIVE_STOP',
  level: 'CRITICAL',
  references: [{ key: 'sovdUri', value: LINK }],
  description: 'a person',
};

/** A fleet of two robots on an in-memory broker. The test simulates the first robot. */
class Scene implements AsyncDisposable {
  readonly broker = new SimulatedBroker();
  readonly clock = new SimulatedClock();
  readonly failures: string[] = [];
  view: FleetView | undefined;
  readonly #header = headerMaker(AMR_01, () => this.clock.wallMs());
  readonly #edges = {
    openBroker: this.broker.open,
    broker: BROKER,
    clock: this.clock,
    random: seededRandom(1),
    onFailure: (where: string, error: unknown) => void this.failures.push(`${where}: ${(error as Error).message}`),
  };
  readonly control = openFleetControl({
    ...this.#edges,
    robots: [AMR_01, AMR_02],
    sent: AMR_02,
    onView: (view) => {
      this.view = view;
    },
  });
  readonly carrier = openCarrier({ ...this.#edges, robot: AMR_02, mapId: MAP_ID });

  /** Advances the time by this many seconds; all messages are delivered. */
  async run(seconds: number): Promise<void> {
    for (let step = 0; step < seconds * 10; step += 1) {
      this.clock.advance(100);
      await this.broker.settled();
    }
  }

  connection(state: 'ONLINE' | 'CONNECTION_BROKEN'): void {
    const text = protocolOf('3.0.0').encodeConnection(this.#header(), state);
    this.broker.publish(topicOf(AMR_01, 'connection'), text, { qos: 1, retain: true });
  }

  /** Sends a state of the first robot in aisle 2 with these errors. */
  state(...errors: readonly RobotError[]): void {
    const { x, y } = crossing('W2');
    const state = { ...stateOf({ ...CARRIER_AT_START, pose: { x: x + 8, y, yaw: 0 } }, MAP_ID), errors };
    this.broker.publish(topicOf(AMR_01, 'state'), protocolOf('3.0.0').encodeState(this.#header(), state));
  }

  get closed(): FleetView['closed'] {
    return this.view?.closed ?? [];
  }

  /** Reasons of the closures. */
  get reasons(): readonly string[] {
    return this.closed.map(({ why: reason }) => reason);
  }

  get lanes(): readonly string[] {
    return this.view?.way?.lanes ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.carrier.close(), this.control.close()]);
  }
}

describe('a fleet control', () => {
  it('closes the lane of a blocked robot, sends the other one around it, and back when the error has ended', async () => {
    await using scene = new Scene();
    await scene.run(1);
    scene.connection('ONLINE');
    scene.state();
    await scene.run(1);
    assert.deepEqual([scene.closed, scene.lanes.slice(0, 3)], [[], ['west-1', 'aisle-2', 'east-1']]);
    assert.deepEqual(scene.view?.way?.around, []);

    scene.state(STOP);
    const closed = { lane: 'aisle-2', robot: 'AMR-01', why: 'PROTECTIVE_STOP (CRITICAL)' };
    assert.deepEqual(scene.closed, [closed]);
    assert.deepEqual(scene.view?.way?.around, ['aisle-2']);
    assert.deepEqual(scene.lanes.slice(0, 3), ['west-1', 'west-1', 'aisle-1']);
    await scene.run(0.1);
    assert.deepEqual(scene.carrier.carrier.edges.map(({ edgeId }) => edgeId).slice(0, 3), scene.lanes.slice(0, 3));
    const [first, second] = scene.view?.robots ?? [];
    const error = { type: 'PROTECTIVE_STOP', level: 'CRITICAL', description: 'a person', link: LINK };
    assert.deepEqual([first?.errors, first?.lanes, first?.connection], [[error], ['aisle-2'], 'ONLINE']);
    assert.deepEqual([second?.robot, second?.mode, second?.errors], ['AMR-02', 'AUTOMATIC', []]);

    scene.state();
    assert.deepEqual([scene.closed, scene.lanes.slice(0, 3)], [[], ['west-1', 'aisle-2', 'east-1']]);
    await scene.run(5);
    assert.deepEqual([scene.lanes[0], scene.view?.way?.waits], ['aisle-2', true], 'the first robot is there still');
    assert.deepEqual(scene.failures, []);
  });

  it('turns the other robot round if it is in the same lane behind the first, and reports the avoided lane', async () => {
    await using scene = new Scene();
    await scene.run(7);
    assert.equal(scene.lanes[0], 'aisle-2');
    scene.connection('ONLINE');
    scene.state(STOP);
    await scene.run(1);
    assert.deepEqual(
      [scene.lanes.slice(0, 3), scene.view?.way?.around],
      [['aisle-2', 'west-1', 'aisle-1'], ['aisle-2']],
    );
    assert.deepEqual(scene.carrier.carrier.errors, []);
  });

  it('closes no lane for an error that does not block the robot', async () => {
    await using scene = new Scene();
    scene.connection('ONLINE');
    scene.state({ ...STOP, level: 'WARNING' }, { ...STOP, level: 'URGENT' });
    await scene.run(1);
    assert.deepEqual(scene.closed, []);
  });

  it('keeps the lane of a robot closed that no longer sends anything', async () => {
    await using scene = new Scene();
    await scene.run(1);
    scene.connection('ONLINE');
    scene.state();
    await scene.run(39);
    assert.deepEqual(scene.closed, []);
    await scene.run(2);
    assert.deepEqual(scene.reasons, ['it has sent no message for 40 s']);
    scene.state();
    assert.deepEqual(scene.closed, []);
    scene.connection('CONNECTION_BROKEN');
    assert.deepEqual(scene.reasons, ['its connection is CONNECTION_BROKEN']);
    await scene.run(100);
    assert.equal(scene.reasons.length, 1);
    scene.connection('ONLINE');
    scene.state();
    assert.deepEqual(scene.closed, []);
  });

  it('reports invalid messages, and continues with its previous state', async () => {
    await using scene = new Scene();
    scene.connection('ONLINE');
    scene.state(STOP);
    await scene.run(1);
    const before = scene.closed;
    for (const text of ['x', '{', '{}', '[]', 'null']) scene.broker.publish(topicOf(AMR_01, 'state'), text);
    assert.equal(scene.failures.length, 5);
    // An empty message only clears the retained message; it is not a state.
    scene.broker.publish(topicOf(AMR_01, 'state'), '');
    assert.equal(scene.failures.length, 5);
    assert.deepEqual(scene.closed, before);
  });

  it('continues in the same state when the broker returns', async () => {
    await using scene = new Scene();
    await scene.run(3);
    scene.broker.stop();
    scene.broker.start();
    await scene.run(60);
    assert.ok(scene.view?.robots[1]?.driving, 'it drives');
    assert.equal(scene.view?.robots[1]?.connection, 'ONLINE');
    assert.deepEqual(scene.carrier.carrier.errors, []);
  });
});

describe('a carrier at the broker', () => {
  it('announces that it is online and offline, and the broker announces a broken connection', async () => {
    const scene = new Scene();
    await scene.run(1);
    const connectionState = () => {
      const text = scene.broker.retained('uagv/v2/medkit/AMR-02/connection') ?? '';
      return protocolOf('2.1.0').decodeConnection(Buffer.from(text)).content;
    };
    assert.equal(connectionState(), 'ONLINE');
    scene.broker.kill('AMR-02');
    assert.equal(connectionState(), 'CONNECTION_BROKEN');
    await scene.run(5);
    assert.equal(connectionState(), 'ONLINE');
    await scene[Symbol.asyncDispose]();
    assert.equal(connectionState(), 'OFFLINE');
  });

  it('publishes its factsheet on request', async () => {
    await using scene = new Scene();
    await scene.run(1);
    const ask = { actionId: 'a', actionType: 'factsheetRequest', parameters: {} };
    const text = protocolOf('2.1.0').encodeInstantActions(headerMaker(AMR_02, () => 0)(), [ask]);
    scene.broker.publish('uagv/v2/medkit/AMR-02/instantActions', text);
    const factsheet = JSON.parse(scene.broker.retained('uagv/v2/medkit/AMR-02/factsheet') ?? '{}');
    assert.equal(protocolOf('2.1.0').factsheetProblem(factsheet), undefined);
    assert.equal(factsheet.serialNumber, 'AMR-02');
  });
});
