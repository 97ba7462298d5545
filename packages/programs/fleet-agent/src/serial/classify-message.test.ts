import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { headerMaker, protocolOf, topicOf } from '@medkit/vda5050';
import { classifyMessage } from './classify-message.ts';
import { sentMessages } from './sent-messages.ts';

const robot = { version: '2.1.0', manufacturer: 'ACME', serialNumber: 'AMR-0001' } as const;
const protocol = protocolOf('2.1.0');
/** The upper half of each headerId of an earlier version of medkit. */
const SERIES = 1234;
const topic = (name: 'connection' | 'state' | 'order'): string => topicOf(robot, name);
const online = (headerId: number): string =>
  protocol.encodeConnection(headerMaker(robot, () => 0, headerId)(), 'ONLINE');

function classify(
  name: 'connection' | 'state' | 'order',
  text: string,
  { retained = false, sent = '', stored = '' } = {},
) {
  const messages = sentMessages();
  messages.add(topic(name), sent);
  return classifyMessage(
    { robot, protocol, sent: messages, record: () => ({ online: [stored], series: SERIES }) },
    { topic: topic(name), payload: Buffer.from(text), retained },
  );
}

const isFromSelf = (...of: Parameters<typeof classify>): boolean | undefined => {
  const classified = classify(...of);
  return classified?.of === 'robot' ? classified.received.isFromSelf : undefined;
};

describe('a message of the robot', () => {
  it('belongs to this agent if it has sent it', () => {
    assert.equal(isFromSelf('state', 'a state', { sent: 'a state' }), true);
    assert.equal(isFromSelf('state', 'another state', { sent: 'a state' }), false);
    assert.equal(isFromSelf('connection', online(3), { sent: online(3) }), true);
  });

  it('belongs to this agent if an earlier process of this installation left it at the broker', () => {
    assert.equal(isFromSelf('connection', online(3), { retained: true, stored: online(3) }), true);
    assert.equal(isFromSelf('connection', online(4), { retained: true, stored: online(3) }), false);
    assert.equal(
      isFromSelf('connection', online(3), { stored: online(3) }),
      false,
      'another process is another client',
    );
    assert.equal(isFromSelf('connection', online(SERIES * 2 ** 16 + 5), { retained: true }), true);
    assert.equal(isFromSelf('connection', online((SERIES + 1) * 2 ** 16), { retained: true }), false);
    assert.equal(isFromSelf('state', '{"headerId":80871424}', { retained: true }), false);
  });

  it('comes from another client also if it cannot be read, and then does not count as ONLINE', () => {
    const classified = classify('connection', '{"connectionState":');
    assert.deepEqual(classified?.of === 'robot' && classified.received, {
      topic: 'connection',
      isRetained: false,
      isFromSelf: false,
    });
    assert.equal(isFromSelf('state', '\u0000'), false);
  });

  it('is ignored if fleet control sent it, or the topic does not belong to the robot', () => {
    assert.deepEqual(classify('order', '{}'), { of: 'fleet', topic: 'order' });
    const other = { topic: 'uagv/v2/ACME/AMR-0002/state', payload: Buffer.from('{}'), retained: false };
    assert.equal(
      classifyMessage({ robot, protocol, sent: sentMessages(), record: () => ({ online: [] }) }, other),
      undefined,
    );
  });
});

describe('messages of this agent', () => {
  it('are remembered up to a bound, the oldest forgotten first', () => {
    const messages = sentMessages();
    for (let at = 0; at < 1000; at++) messages.add('state', `${at}`);
    assert.deepEqual(
      [messages.has('state', '0'), messages.has('state', '999'), messages.has('connection', '999')],
      [false, true, false],
    );
  });
});
