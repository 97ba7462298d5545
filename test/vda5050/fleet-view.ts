import assert from 'node:assert/strict';
import { systemClock, systemRandom } from '@medkit/edges/node';
import { type BrokerMessage, openMqttBroker } from '@medkit/mqtt';
import { type ConnectionState, protocolOf, type RobotAddress, topicNameIn, topicOf } from '@medkit/vda5050';
import { assertOfficial } from '../harness/official-schemas.ts';

/** A state as received by a fleet control. */
export interface SeenState {
  /** When it was made, in milliseconds since 1970. */
  readonly madeMs: number;
  readonly headerId: number;
  readonly errors: readonly string[];
  readonly information: readonly string[];
}

/** A fleet control's view of a robot; each message is validated against the official schema of its topic. */
export interface FleetView extends AsyncDisposable {
  readonly isOpen: boolean;
  readonly states: readonly SeenState[];
  readonly connection: ConnectionState | undefined;
  /** Schema violations of messages. */
  readonly problems: readonly string[];
  /** Publishes like another client of the robot. */
  publish(name: 'state' | 'connection', text: string): Promise<void>;
}

/** It follows a broker that is paused for a while: its connection must last longer. */
const KEEPALIVE_S = 60;

export function openFleetView(brokerUrl: string, robot: RobotAddress): FleetView {
  const protocol = protocolOf(robot.version);
  const states: SeenState[] = [];
  const problems: string[] = [];
  let connection: ConnectionState | undefined;

  function take({ topic, payload }: BrokerMessage): void {
    const name = topicNameIn(robot, topic);
    if (name !== 'state' && name !== 'connection') return;
    assertOfficial(robot.version, name, Buffer.from(payload).toString());
    if (name === 'connection') {
      connection = protocol.decodeConnection(payload).content;
      return;
    }
    const { header, content } = protocol.decodeState(payload);
    states.push({
      madeMs: Date.parse(header.timestamp),
      headerId: header.headerId,
      errors: content.errors.map(({ type }) => type),
      information: content.information.map(({ type }) => type),
    });
  }

  const broker = openMqttBroker({
    address: { url: brokerUrl, protocol: '5', keepaliveS: KEEPALIVE_S },
    clientId: `fleet${Buffer.from(systemRandom.bytes(8)).toString('hex')}`,
    subscriptions: [topicOf(robot, '+')],
    clock: systemClock,
    random: systemRandom,
    onOpen: () => undefined,
    onLost: () => undefined,
    onMessage(message) {
      try {
        take(message);
      } catch (error) {
        problems.push((error as Error).message);
      }
    },
  });
  return {
    get isOpen() {
      return broker.isOpen;
    },
    get connection() {
      return connection;
    },
    states,
    problems,
    publish: (name, text) =>
      broker.publish(
        topicOf(robot, name),
        text,
        name === 'connection' ? { qos: 1, retain: true } : { qos: 0, retain: false },
      ),
    async [Symbol.asyncDispose]() {
      await broker.close();
      assert.deepEqual(problems, []);
    },
  };
}
