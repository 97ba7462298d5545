import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import {
  type ConnectionState,
  MalformedMessage,
  PROTOCOL_VERSIONS,
  protocolOf,
  type RobotState,
} from '@medkit/vda5050';
import { corruptMember, EXAMPLE_FACTSHEETS, exampleHeader, IDLE_ROBOT, randomRobots } from '@medkit/vda5050/testing';
import { assertOfficial, haveOfficialSchemas, officialProblem } from '../harness/official-schemas.ts';

const SEED = 1 + Math.floor(Math.random() * 999_999);
const MESSAGES = 300;
const CONNECTIONS: readonly ConnectionState[] = ['ONLINE', 'OFFLINE', 'HIBERNATING', 'CONNECTION_BROKEN'];

/** A state without optional members, and with values that one of the versions does not have. */
const MINIMAL: RobotState = {
  ...IDLE_ROBOT,
  actions: [{ actionId: 'a', status: 'PAUSED' }],
  instantActions: [{ actionId: 'b', status: 'RETRIABLE' }],
  battery: { chargePercent: 100.4, charging: false },
  operatingMode: 'STARTUP',
  errors: [{ type: 'BATTERY_LOW', level: 'URGENT', references: [] }],
  safety: { emergencyStop: 'AUTOACK', fieldViolation: false },
};

for (const version of PROTOCOL_VERSIONS) {
  const protocol = protocolOf(version);
  const random = seededRandom(SEED);
  const robots = randomRobots(random, version);
  const header = exampleHeader(version);
  const factsheet = EXAMPLE_FACTSHEETS[version];

  describe(`the official schemas of VDA 5050 ${version}`, () => {
    it('accept every message', (context) => {
      context.diagnostic(`seed ${SEED}`);
      for (const state of CONNECTIONS) assertOfficial(version, 'connection', protocol.encodeConnection(header, state));
      assertOfficial(version, 'state', protocol.encodeState(header, MINIMAL));
      assertOfficial(version, 'factsheet', protocol.encodeFactsheet(header, factsheet));
      for (let message = 0; message < MESSAGES; message += 1) {
        assertOfficial(version, 'state', protocol.encodeState(header, robots.state()));
        assertOfficial(version, 'order', protocol.encodeOrder(header, robots.order()));
        assertOfficial(version, 'instantActions', protocol.encodeInstantActions(header, robots.instantActions()));
      }
    });

    it('accept every factsheet that has no problem', (context) => {
      context.diagnostic(`seed ${SEED}`);
      for (let message = 0; message < 10 * MESSAGES; message += 1) {
        const content = JSON.parse(corruptMember(JSON.stringify(factsheet), random));
        if (protocol.factsheetProblem(content) !== undefined) continue;
        assertOfficial(version, 'factsheet', protocol.encodeFactsheet(header, content));
      }
    });

    it('accept every order and every action that the agent reads', (context) => {
      context.diagnostic(`seed ${SEED}`);
      for (let message = 0; message < 10 * MESSAGES; message += 1) {
        const order = corruptMember(protocol.encodeOrder(header, robots.order()), random);
        const actions = corruptMember(protocol.encodeInstantActions(header, robots.instantActions()), random);
        if (isRead(() => protocol.decodeOrder(Buffer.from(order)))) assertAlike('order', order);
        if (isRead(() => protocol.decodeInstantActions(Buffer.from(actions)))) assertAlike('instantActions', actions);
      }
    });
  });

  /** Compares everything except the time. */
  function assertAlike(topic: 'order' | 'instantActions', text: string): void {
    const message = { ...JSON.parse(text), timestamp: header.timestamp };
    assertOfficial(version, topic, JSON.stringify(message));
  }
}

function isRead(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof MalformedMessage) return false;
    throw error;
  }
}

it('the official schemas are used if they are installed', (context) => {
  context.diagnostic(haveOfficialSchemas ? 'they are there' : 'they are not there');
  assert.equal(officialProblem('2.1.0', 'state', {}) !== undefined, haveOfficialSchemas);
});
