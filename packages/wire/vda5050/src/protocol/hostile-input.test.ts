import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { MalformedMessage } from '../message/malformed-message.ts';
import { MAX_MESSAGE_BYTES } from '../message/parse-json.ts';
import { protocolOf } from '../select-protocol.ts';
import { corruptBytes, corruptMember } from '../testing/corrupt-message.ts';
import { exampleHeader } from '../testing/idle-robot.ts';
import { randomRobots } from '../testing/random-robot.ts';
import type { Protocol } from './protocol.ts';
import { PROTOCOL_VERSIONS } from './version.ts';

const SEED = Number(process.env['VDA5050_SEED'] ?? 1 + Math.floor(Math.random() * 999_999));
const MESSAGES = 400;
const printSeed = (context: TestContext) => context.diagnostic(`VDA5050_SEED=${SEED}`);
const octetsOf = (text: string) => new TextEncoder().encode(text);

/** Passes the octets to every decoder. Each must return a message or report them as malformed; anything else fails. */
function read(protocol: Protocol, octets: Uint8Array): void {
  const readers = [
    protocol.decodeState,
    protocol.decodeOrder,
    protocol.decodeInstantActions,
    protocol.decodeConnection,
  ];
  for (const decode of readers) {
    try {
      decode(octets);
    } catch (error) {
      assert.ok(error instanceof MalformedMessage, `${Buffer.from(octets)}: ${error}`);
      assert.ok(error.message.length < 300, error.message);
    }
  }
}

for (const version of PROTOCOL_VERSIONS) {
  const protocol = protocolOf(version);
  const random = seededRandom(SEED);
  const robots = randomRobots(random, version);
  const header = exampleHeader(version);
  const texts = () => [
    protocol.encodeState(header, robots.state()),
    protocol.encodeOrder(header, robots.order()),
    protocol.encodeInstantActions(header, robots.instantActions()),
  ];

  describe(`an invalid message of VDA 5050 ${version}`, () => {
    it('is reported as malformed, whichever member is odd', (context) => {
      printSeed(context);
      for (let message = 0; message < MESSAGES; message += 1) {
        for (const text of texts()) read(protocol, octetsOf(corruptMember(corruptMember(text, random), random)));
      }
    });

    it('is reported as malformed, whichever bytes are damaged', (context) => {
      printSeed(context);
      for (let message = 0; message < MESSAGES; message += 1) {
        for (const text of texts()) read(protocol, corruptBytes(octetsOf(text), random));
      }
    });

    const actionsWith = (value: string) =>
      octetsOf(
        protocol
          .encodeInstantActions(header, [{ actionId: 'a', actionType: 'b', parameters: { key: 0 } }])
          .replace('"value":0', `"value":${value}`),
      );

    it('is reported as malformed if it is too large, too deep, or has too many members', () => {
      const many = JSON.stringify(Array.from({ length: 1001 }, () => ({})));
      const texts: readonly (readonly [string, RegExp])[] = [
        [' '.repeat(MAX_MESSAGE_BYTES + 1), /262145 bytes, at most 262144 are accepted/],
        ['['.repeat(100_000), /not JSON/],
        [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, /nests deeper than 32 levels/],
        [`{"actions":${many}}`, /instantActions: headerId is missing/],
        ['', /not JSON/],
        ['null', /instantActions: it must be object/],
      ];
      for (const [text, message] of texts) {
        assert.throws(() => protocol.decodeInstantActions(octetsOf(text)), {
          name: 'MalformedMessage',
          message,
        });
        read(protocol, octetsOf(text));
      }
    });

    it('is reported as malformed if a number exceeds a double, and if its bytes are not UTF-8', () => {
      assert.throws(
        () => protocol.decodeInstantActions(actionsWith('1e999')),
        /a number is beyond the range of a double/,
      );
      const octets = actionsWith('"X"');
      octets[octets.indexOf('X'.charCodeAt(0))] = 0xff;
      assert.throws(() => protocol.decodeInstantActions(octets), /not UTF-8/);
    });

    it('leaves the prototypes of objects unchanged', () => {
      const [action] = protocol.decodeInstantActions(
        octetsOf(
          protocol
            .encodeInstantActions(header, [{ actionId: 'a', actionType: 'b', parameters: { key: {} } }])
            .replace('"key":"key","value":{}', '"key":"__proto__","value":{"polluted":true}'),
        ),
      ).content;
      assert.deepEqual(Object.keys(action!.parameters), ['__proto__']);
      assert.equal(Object.getPrototypeOf(action!.parameters), Object.prototype);
      assert.equal('polluted' in {}, false);
    });
  });
}
