import type { Clock, Random } from '@medkit/edges';
import type { BrokerAddress, BrokerMessage, OpenBroker } from '@medkit/mqtt';
import { headerMaker, protocolOf, type RobotAddress, topicNameIn, topicOf } from '@medkit/vda5050';
import { laneClosures, trafficFor } from './control/closures.ts';
import { type Dispatch, dispatchStep, type Errand, NOTHING_SENT } from './control/dispatch.ts';
import { type FleetRobot, newFleetRobot, withConnection, withState } from './control/fleet-robot.ts';
import { type FleetView, fleetView, routeView } from './view/fleet-view.ts';

/** Interval for checking outdated states and repeated messages. */
const LOOK_EVERY_MS = 1000;

export interface FleetControlOptions {
  readonly openBroker: OpenBroker;
  readonly broker: BrokerAddress;
  /** Every robot of the fleet. */
  readonly robots: readonly RobotAddress[];
  /** The robot that is sent on rounds. */
  readonly sent: RobotAddress;
  readonly clock: Clock;
  readonly random: Random;
  /** Called with the view of fleet control whenever it may have changed. */
  readonly onView: (view: FleetView) => void;
  readonly onFailure: (where: string, error: unknown) => void;
}

export interface FleetControl {
  close(): Promise<void>;
}

/** Starts a small fleet control. It closes lanes with a blocked robot, and reroutes another robot around them. */
export function openFleetControl(options: FleetControlOptions): FleetControl {
  const { robots: addresses, sent, clock, onView, onFailure } = options;
  const sender = senderTo(sent, clock);
  const prefix = `round-${Math.round(clock.wallMs()).toString(36)}`;
  let robots: readonly FleetRobot[] = addresses.map(newFleetRobot);
  let dispatch: Dispatch = NOTHING_SENT;

  const decide = (): void => {
    const nowMs = clock.monotonicMs();
    const traffic = trafficFor(sent.serialNumber, robots, nowMs);
    const robot = robots.find(({ address }) => address === sent);
    if (robot !== undefined && connection.isOpen) {
      const step = dispatchStep(dispatch, { robot, traffic, nowMs, prefix });
      dispatch = step.dispatch;
      if (step.errand !== undefined) send(step.errand);
    }
    const closures = laneClosures(robots, nowMs);
    const way = dispatch.trip && routeView(sent.serialNumber, dispatch.trip, traffic);
    onView(fleetView(options.broker.url, robots, closures, way));
  };
  const send = (errand: Errand): void => {
    const { topic, text } = sender(errand);
    connection
      .publish(topic, text, { qos: 0, retain: false })
      .catch((error) => onFailure(`fleet control: ${topic}`, error));
  };
  const take = (message: BrokerMessage): void => {
    robots = robots.map((robot) => withMessage(robot, message, clock.monotonicMs()));
  };
  const connection = options.openBroker({
    address: options.broker,
    clientId: 'medkit-fleet-control',
    subscriptions: addresses.flatMap((robot) => [topicOf(robot, 'connection'), topicOf(robot, 'state')]),
    clock,
    random: options.random,
    onOpen: decide,
    onMessage(message) {
      try {
        take(message);
      } catch (error) {
        onFailure(`fleet control: ${message.topic}`, error);
      }
      decide();
    },
    onLost: (reason) => onFailure('fleet control', new Error(reason)),
  });
  const looks = clock.every(LOOK_EVERY_MS, decide);
  return {
    async close() {
      looks.cancel();
      await connection.close();
    },
  };
}

/** Applies a message to a robot. Throws if the message is invalid in its version. */
function withMessage(robot: FleetRobot, { topic, payload }: BrokerMessage, nowMs: number): FleetRobot {
  const protocol = protocolOf(robot.address.version);
  const name = topicNameIn(robot.address, topic);
  // An empty message only clears the retained message of a topic.
  if (payload.length === 0) return robot;
  if (name === 'connection') return withConnection(robot, protocol.decodeConnection(payload).content, nowMs);
  return name === 'state' ? withState(robot, protocol.decodeState(payload).content, nowMs) : robot;
}

/** Creates the messages to a robot. */
function senderTo(robot: RobotAddress, clock: Pick<Clock, 'wallMs'>) {
  const protocol = protocolOf(robot.version);
  const orderHeader = headerMaker(robot, () => clock.wallMs());
  const actionHeader = headerMaker(robot, () => clock.wallMs());
  return (errand: Errand): { readonly topic: string; readonly text: string } =>
    errand.kind === 'order'
      ? { topic: topicOf(robot, 'order'), text: protocol.encodeOrder(orderHeader(), errand.order) }
      : {
          topic: topicOf(robot, 'instantActions'),
          text: protocol.encodeInstantActions(actionHeader(), [errand.action]),
        };
}
