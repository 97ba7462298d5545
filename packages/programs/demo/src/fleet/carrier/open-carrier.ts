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
import { actAtOnce } from './act-at-once.ts';
import { CARRIER_AT_START, type Carrier, stateOf } from './carrier.ts';
import { CARRIER_FACTSHEET } from './factsheet.ts';
import { stepCarrier } from './step-carrier.ts';
import { takeOrder } from './take-order.ts';

const STEP_MS = 100;
/** A person who looks on sees it drive. */
const STATE_EVERY_MS = 1000;

export interface CarrierOptions {
  readonly openBroker: OpenBroker;
  readonly broker: BrokerAddress;
  readonly robot: RobotAddress;
  /** Of the map that it is on. */
  readonly mapId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly onFailure: (where: string, error: unknown) => void;
}

/** A carrier at the broker, which is told about it, and tells it where to drive. */
export interface RunningCarrier {
  readonly carrier: Carrier;
  close(): Promise<void>;
}

/** Brings a simulated carrier up that is known to a fleet control, and to nobody else. */
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

  const tellState = newestMessage(() => {
    const text = protocol.encodeState(headerOf.state(), stateOf(carrier, options.mapId));
    return connection.publish(topic('state'), text, { qos: 0, retain: false });
  });
  const become = (after: Carrier): void => {
    const before = carrier;
    carrier = after;
    if (isNews(before, after)) tellState();
  };
  const tellKept = (name: 'connection' | 'factsheet', text: string): void => {
    connection.publish(topic(name), text, { qos: 1, retain: true }).catch((error) => onFailure(name, error));
  };
  const take = ({ topic, payload, retained }: BrokerMessage): void => {
    // A stored order is for no robot that subscribes later, and an empty message only clears what the broker stores.
    if (retained || payload.length === 0) return;
    const name = topicNameIn(robot, topic);
    if (name === 'order') become(takeOrder(carrier, protocol.decodeOrder(payload).content));
    if (name !== 'instantActions') return;
    for (const action of protocol.decodeInstantActions(payload).content) {
      become(actAtOnce(carrier, action));
      if (action.actionType === 'factsheetRequest') {
        tellKept('factsheet', protocol.encodeFactsheet(headerOf.factsheet(), CARRIER_FACTSHEET));
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
      tellKept('connection', connectionMessage('ONLINE'));
      tellState();
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
  const states = clock.every(STATE_EVERY_MS, () => connection.isOpen && tellState());
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

/** Whether fleet control is to hear of it at once, and not with the next state. */
function isNews(before: Carrier, after: Carrier): boolean {
  const parts = ['order', 'nodes', 'driving', 'actions', 'errors'] as const;
  return parts.some((part) => before[part] !== after[part]);
}
