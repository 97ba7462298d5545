import assert from 'node:assert/strict';
import { systemClock, systemRandom } from '@medkit/edges/node';
import { type BrokerConnection, openMqttBroker } from '@medkit/mqtt';
import {
  type ConnectionState,
  type Order,
  protocolOf,
  type RobotAddress,
  type RobotState,
  TOPIC_NAMES,
  topicNameIn,
  topicOf,
} from '@medkit/vda5050';
import { assertOfficial } from '../harness/official-schemas.ts';

/** A message that passed through a broker. */
interface Recorded {
  readonly topic: string;
  readonly text: string;
  readonly retained: boolean;
}

/** Records everything that passes through a broker after it was opened. */
export class FleetRecording implements AsyncDisposable {
  readonly #messages: Recorded[] = [];
  readonly #lost: string[] = [];
  readonly #connection: BrokerConnection;

  constructor(url: string) {
    this.#connection = openMqttBroker({
      address: { url, protocol: '5' },
      clientId: 'recording',
      subscriptions: ['#'],
      clock: systemClock,
      random: systemRandom,
      onOpen: () => undefined,
      onMessage: ({ topic, payload, retained }) => {
        this.#messages.push({ topic, text: Buffer.from(payload).toString(), retained });
      },
      onLost: (reason) => void this.#lost.push(reason),
    });
  }

  states(robot: RobotAddress): readonly RobotState[] {
    const protocol = protocolOf(robot.version);
    return this.#of(robot, 'state').map((text) => protocol.decodeState(Buffer.from(text)).content);
  }

  orders(robot: RobotAddress): readonly Order[] {
    const protocol = protocolOf(robot.version);
    return this.#of(robot, 'order').map((text) => protocol.decodeOrder(Buffer.from(text)).content);
  }

  connections(robot: RobotAddress): readonly ConnectionState[] {
    const protocol = protocolOf(robot.version);
    return this.#of(robot, 'connection').map((text) => protocol.decodeConnection(Buffer.from(text)).content);
  }

  /** Fails unless every message belongs to one of these robots and matches the official schema of its topic. */
  assertOfficial(robots: readonly RobotAddress[]): void {
    assert.deepEqual(this.#lost, []);
    for (const { topic, text } of this.#messages) {
      const robot = robots.find((one) => topicNameIn(one, topic) !== undefined);
      const name = robot && topicNameIn(robot, topic);
      assert.ok(robot && name, `nobody else speaks here: ${topic}, one of ${TOPIC_NAMES}`);
      assertOfficial(robot.version, name, text);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection.close();
  }

  #of(robot: RobotAddress, name: 'state' | 'order' | 'connection'): readonly string[] {
    const wanted = topicOf(robot, name);
    return this.#messages.filter(({ topic }) => topic === wanted).map(({ text }) => text);
  }
}
