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

function hear(name: 'connection' | 'state' | 'order', text: string, { retained = false, sent = '', stored = '' } = {}) {
  const own = sentMessages();
  own.add(topic(name), sent);
  return classifyMessage(
    { robot, protocol, own, record: () => ({ online: [stored], series: SERIES }) },
    { topic: topic(name), payload: Buffer.from(text), retained },
  );
}

const isOwn = (...of: Parameters<typeof hear>): boolean | undefined => {
  const heard = hear(...of);
  return heard?.of === 'robot' ? heard.heard.isOwn : undefined;
};

describe('a message of the robot', () => {
  it('belongs to this agent if it has sent it', () => {
    assert.equal(isOwn('state', 'a state', { sent: 'a state' }), true);
    assert.equal(isOwn('state', 'another state', { sent: 'a state' }), false);
    assert.equal(isOwn('connection', online(3), { sent: online(3) }), true);
  });

  it('belongs to this agent if an earlier process of this installation left it at the broker', () => {
    assert.equal(isOwn('connection', online(3), { retained: true, stored: online(3) }), true);
    assert.equal(isOwn('connection', online(4), { retained: true, stored: online(3) }), false);
    assert.equal(isOwn('connection', online(3), { stored: online(3) }), false, 'another process is another client');
    assert.equal(isOwn('connection', online(SERIES * 2 ** 16 + 5), { retained: true }), true);
    assert.equal(isOwn('connection', online((SERIES + 1) * 2 ** 16), { retained: true }), false);
    assert.equal(isOwn('state', '{"headerId":80871424}', { retained: true }), false);
  });

  it('comes from another client also if it cannot be read, and then does not count as ONLINE', () => {
    const heard = hear('connection', '{"connectionState":');
    assert.deepEqual(heard?.of === 'robot' && heard.heard, { topic: 'connection', isRetained: false, isOwn: false });
    assert.equal(isOwn('state', '\u0000'), false);
  });

  it('is ignored if fleet control sent it, or the topic does not belong to the robot', () => {
    assert.deepEqual(hear('order', '{}'), { of: 'fleet', topic: 'order' });
    const other = { topic: 'uagv/v2/ACME/AMR-0002/state', payload: Buffer.from('{}'), retained: false };
    assert.equal(
      classifyMessage({ robot, protocol, own: sentMessages(), record: () => ({ online: [] }) }, other),
      undefined,
    );
  });
});

describe('messages of this agent', () => {
  it('are remembered up to a bound, the oldest forgotten first', () => {
    const own = sentMessages();
    for (let at = 0; at < 1000; at++) own.add('state', `${at}`);
    assert.deepEqual(
      [own.has('state', '0'), own.has('state', '999'), own.has('connection', '999')],
      [false, true, false],
    );
  });
});
