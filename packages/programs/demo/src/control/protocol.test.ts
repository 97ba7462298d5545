import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { decodeReply, decodeRequest, encodeLine, MalformedControlLine } from './protocol.ts';

test('requests and replies are encoded as a line and decoded unchanged', () => {
  const request = { command: 'inject', scenarios: ['obstacle', 'node-death'] } as const;
  const reply = {
    ok: true,
    domainId: 221,
    scenarios: { obstacle: true, battery: false, 'node-death': true, 'mute-node': false, overpressure: false },
    receiver: 'http://127.0.0.1:40001/',
  } as const;
  assert.deepEqual(decodeRequest(encodeLine(request)), request);
  assert.deepEqual(decodeReply(encodeLine(reply)), reply);
});

test('a line that is no valid request is refused with the reason, whatever it contains', () => {
  for (const line of [
    '',
    'null',
    '[]',
    '{}',
    '{"command":"inject"}',
    '{"command":"inject","scenarios":["toString"]}',
  ]) {
    assert.throws(() => decodeRequest(line), MalformedControlLine, line);
  }
  const random = seededRandom(5);
  for (let round = 0; round < 500; round += 1) {
    const line = Buffer.from(random.bytes(40)).toString('latin1');
    assert.throws(() => decodeRequest(line), MalformedControlLine);
    assert.throws(() => decodeReply(line), MalformedControlLine);
  }
});
