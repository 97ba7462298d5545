import type { Clock, Random } from '@medkit/edges';
import type { BrokerAddress, BrokerMessage, OpenBroker } from '@medkit/mqtt';
import {
  type ConnectionState,
  headerMaker,
  protocolOf,
  type RobotAddress,
  type TopicName,
  topicNameIn,
  topicOf,
} from '@medkit/vda5050';
import { newestMessage } from '../newest-message.ts';
import { CARRIER_AT_START, type Carrier, stateOf } from './carrier.ts';
import { executeInstantAction } from './execute-instant-action.ts';
import { CARRIER_FACTSHEET } from './factsheet.ts';
import { stepCarrier } from './step-carrier.ts';
import { takeOrder } from './take-order.ts';

const STEP_MS = 100;
/** State interval, short enough for a viewer to see the carrier move. */
const STATE_EVERY_MS = 1000;

export interface CarrierOptions {
  readonly openBroker: OpenBroker;
  readonly broker: BrokerAddress;
  readonly robot: RobotAddress;
  /** Id of its map. */
  readonly mapId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly onFailure: (where: string, error: unknown) => void;
}

/** A carrier that is connected to the broker. */
export interface RunningCarrier {
  readonly carrier: Carrier;
  close(): Promise<void>;
}

/** Starts a simulated carrier that only fleet control knows. */
export function openCarrier(options: CarrierOptions): RunningCarrier {
  const { robot, clock, onFailure } = options;
  const protocol = protocolOf(robot.version);
  const headerOf = {
    connection: headerMaker(robot, () => clock.wallMs()),
    state: headerMaker(robot, () => clock.wallMs()),
    factsheet: headerMaker(robot, () => clock.wallMs()),
  };
  const topic = (name: TopicName) => topicOf(robot, name);
  const connectionMessage = (state: ConnectionState) => protocol.encodeConnection(headerOf.connection(), state);
  let carrier = CARRIER_AT_START;

  const publishState = newestMessage(() => {
    const text = protocol.encodeState(headerOf.state(), stateOf(carrier, options.mapId));
    return connection.publish(topic('state'), text, { qos: 0, retain: false });
  });
  const become = (after: Carrier): void => {
    const before = carrier;
    carrier = after;
    if (isNews(before, after)) publishState();
  };
  const publishRetained = (name: 'connection' | 'factsheet', text: string): void => {
    connection.publish(topic(name), text, { qos: 1, retain: true }).catch((error) => onFailure(name, error));
  };
  const take = ({ topic, payload, retained }: BrokerMessage): void => {
    // Ignores retained orders, and empty messages, which only clear a retained message.
    if (retained || payload.length === 0) return;
    const name = topicNameIn(robot, topic);
    if (name === 'order') become(takeOrder(carrier, protocol.decodeOrder(payload).content));
    if (name !== 'instantActions') return;
    for (const action of protocol.decodeInstantActions(payload).content) {
      become(executeInstantAction(carrier, action));
      if (action.actionType === 'factsheetRequest') {
        publishRetained('factsheet', protocol.encodeFactsheet(headerOf.factsheet(), CARRIER_FACTSHEET));
      }
    }
  };
  const connection = options.openBroker({
    address: options.broker,
    clientId: robot.serialNumber,
    will: { topic: topic('connection'), payload: connectionMessage('CONNECTION_BROKEN'), qos: 1, retain: true },
    subscriptions: [topic('order'), topic('instantActions')],
    clock,
    random: options.random,
    onOpen() {
      publishRetained('connection', connectionMessage('ONLINE'));
      publishState();
    },
    onMessage(message) {
      try {
        take(message);
      } catch (error) {
        onFailure(`${robot.serialNumber}: ${message.topic}`, error);
      }
    },
    onLost: (reason) => onFailure(robot.serialNumber, new Error(reason)),
  });
  const steps = clock.every(STEP_MS, () => become(stepCarrier(carrier, STEP_MS / 1000)));
  const states = clock.every(STATE_EVERY_MS, () => connection.isOpen && publishState());
  return {
    get carrier() {
      return carrier;
    },
    async close() {
      steps.cancel();
      states.cancel();
      if (connection.isOpen) {
        const how = { qos: 1, retain: true } as const;
        await connection.publish(topic('connection'), connectionMessage('OFFLINE'), how).catch(() => undefined);
      }
      await connection.close();
    },
  };
}

/** Returns whether a change must be sent immediately instead of with the next state. */
function isNews(before: Carrier, after: Carrier): boolean {
  const parts = ['order', 'nodes', 'driving', 'actions', 'errors'] as const;
  return parts.some((part) => before[part] !== after[part]);
}
