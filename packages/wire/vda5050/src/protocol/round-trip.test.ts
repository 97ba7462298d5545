import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { CONNECTION_STATES } from '../robot/connection.ts';
import { protocolOf } from '../select-protocol.ts';
import { exampleHeader } from '../testing/idle-robot.ts';
import { randomRobots } from '../testing/random-robot.ts';
import { PROTOCOL_VERSIONS } from './version.ts';

const MESSAGES = 300;
const octets = (text: string) => new TextEncoder().encode(text);

for (const version of PROTOCOL_VERSIONS) {
  const protocol = protocolOf(version);
  const robots = randomRobots(seededRandom(19), version);
  const header = exampleHeader(version);

  describe(`messages of VDA 5050 ${version} that are written and read again`, () => {
    it('have the same state of the robot', () => {
      for (let message = 0; message < MESSAGES; message += 1) {
        const content = robots.state();
        assert.deepEqual(protocol.decodeState(octets(protocol.encodeState(header, content))), { header, content });
      }
    });

    it('have the same order', () => {
      for (let message = 0; message < MESSAGES; message += 1) {
        const content = robots.order();
        assert.deepEqual(protocol.decodeOrder(octets(protocol.encodeOrder(header, content))), { header, content });
      }
    });

    it('have the same actions', () => {
      for (let message = 0; message < MESSAGES; message += 1) {
        const content = robots.instantActions();
        const text = protocol.encodeInstantActions(header, content);
        assert.deepEqual(protocol.decodeInstantActions(octets(text)), { header, content });
      }
    });

    it('have the same connection state', () => {
      for (const state of CONNECTION_STATES.filter((word) => robots.knows(word))) {
        const text = protocol.encodeConnection(header, state);
        assert.deepEqual(protocol.decodeConnection(octets(text)), { header, content: state });
      }
    });
  });
}
