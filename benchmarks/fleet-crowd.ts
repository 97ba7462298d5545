import { parseArgs } from 'node:util';
import { systemClock, systemRandom } from '@medkit/edges/node';
import { openMqttBroker } from '@medkit/mqtt';
import { headerMaker, protocolOf, type RobotAddress, type RobotError, topicOf } from '@medkit/vda5050';
import { openFleetAgent } from '../packages/programs/fleet-agent/src/agent/fleet-agent.ts';
import { EMPTY_TRACKER } from '../packages/programs/fleet-agent/src/orders/instant-action-tracker.ts';
import type { MappedMembers } from '../packages/programs/fleet-agent/src/picture/robot-picture.ts';
import { isComplete, stateMessage } from '../packages/programs/fleet-agent/src/state/state-message.ts';
import { SimulatedPicture, STATIONARY } from '../packages/programs/fleet-agent/src/testing/simulated-picture.ts';

/**
 * Agents of in-memory robots in this process, each with a separate connection to the broker: `--broker <url> --count
 * <n>`. Each robot drives and has two faults; each agent publishes a state every second. With `--bare` there are only
 * the connections; the text of such a state is published as often and received back. Sends `ready` on the IPC channel
 * when all have published one, and replies to requests with the number published.
 */
const { values } = parseArgs({
  options: { broker: { type: 'string', default: '' }, count: { type: 'string' }, bare: { type: 'boolean' } },
});
const COUNT = Number(values.count);
const STATE_EVERY_MS = 1000;
const METRES_A_SECOND = 0.5;

const broker = { url: values.broker, protocol: '5' } as const;
const protocol = protocolOf('3.0.0');
const robotOf = (number: number): RobotAddress => ({
  version: '3.0.0',
  manufacturer: 'ACME',
  serialNumber: `AMR-${String(number).padStart(4, '0')}`,
});

const errorOf = (type: string, entity: string): RobotError => ({
  type,
  level: 'URGENT',
  references: [
    { key: 'entityId', value: entity },
    { key: 'sovdUri', value: `http://robot:8080/api/v1/apps/${entity}/faults/${type}` },
    { key: 'since', value: '2026-02-04T10:30:00.000Z' },
  ],
  description: 'The temperature of the motor is above 80 °C.',
});

const ERRORS = [errorOf('MOTOR_OVERHEATED', 'drive_motor'), errorOf('LIDAR_DIRTY', 'front_lidar')];

/** State members of a robot after this many seconds of driving. */
const drivingAfter = (seconds: number): MappedMembers => ({
  ...STATIONARY,
  position: { mapId: 'hall', x: seconds * METRES_A_SECOND, y: 0, theta: 0, localized: true },
  velocity: { vx: METRES_A_SECOND, vy: 0, omega: 0 },
  driving: true,
});

function drivingPicture(): SimulatedPicture {
  const picture = new SimulatedPicture();
  picture.change({ errors: ERRORS, members: drivingAfter(0) });
  return picture;
}

/** Returns how many states were published. */
type Counter = () => number;

async function openAgent(number: number): Promise<Counter> {
  const picture = drivingPicture();
  const agent = await openFleetAgent({
    terms: {
      robot: robotOf(number),
      mode: 'sole',
      listenMs: 1,
      settleMs: 1,
      stateIntervalMs: STATE_EVERY_MS,
      gatewayGraceMs: 10_000,
    },
    protocol,
    picture,
    broker,
    openBroker: openMqttBroker,
    clock: systemClock,
    random: systemRandom,
    file: {
      read: async () => ({ record: { nextIds: { connection: 0, state: 0, factsheet: 0 }, online: [] } }),
      write: async () => undefined,
    },
    clearing: { problem: () => 'faults are not cleared', clear: async () => undefined },
    log: () => undefined,
    warn: () => undefined,
  });
  let seconds = 0;
  systemClock.every(STATE_EVERY_MS, () => picture.change({ members: drivingAfter(++seconds) }));
  return () => agent.health().states.sent;
}

async function openBaseline(number: number): Promise<Counter> {
  const robot = robotOf(number);
  const { picture } = drivingPicture();
  if (!isComplete(picture)) throw new Error('the robot in memory is not whole');
  const text = protocol.encodeState(
    headerMaker(robot, () => systemClock.wallMs())(),
    stateMessage(picture, EMPTY_TRACKER),
  );
  let sent = 0;
  const opened = Promise.withResolvers<void>();
  const connection = openMqttBroker({
    address: broker,
    clientId: `bare${number}`,
    subscriptions: [topicOf(robot, '+')],
    clock: systemClock,
    random: systemRandom,
    onOpen: opened.resolve,
    onMessage: () => undefined,
    onLost: (reason) => opened.reject(new Error(reason)),
  });
  await opened.promise;
  systemClock.every(STATE_EVERY_MS, async () => {
    await connection.publish(topicOf(robot, 'state'), text, { qos: 0, retain: false });
    sent += 1;
  });
  return () => sent;
}

const counters: Counter[] = [];
for (let number = 0; number < COUNT; number += 1) {
  counters.push(await (values.bare ? openBaseline : openAgent)(number));
  // Staggers the agents evenly over one second.
  await new Promise((resolve) => setTimeout(resolve, STATE_EVERY_MS / COUNT));
}
while (counters.some((sent) => sent() === 0)) await new Promise((resolve) => setTimeout(resolve, 10));
process.on('message', () => process.send?.(counters.reduce((sum, sent) => sum + sent(), 0)));
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
