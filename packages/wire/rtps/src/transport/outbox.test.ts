import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SocketAddress } from '@medkit/edges';
import type { MessageWriter } from '../wire/message-writer.ts';
import { type Destination, Outbox } from './outbox.ts';

const PREFIX_BYTES = 12;
const MAX_ONE_SUBMESSAGE_BYTES = 128;

/** An outbox and what it sent: the octets and target port of each datagram. */
function scene() {
  const sent: { readonly bytes: number; readonly port: number }[] = [];
  const outbox = new Outbox({
    prefix: new Uint8Array(PREFIX_BYTES),
    transport: {
      send: (parts, targets) => {
        for (const { port } of targets) sent.push({ bytes: parts.reduce((sum, part) => sum + part.length, 0), port });
      },
    },
  });
  return { outbox, sent, portsOf: () => sent.map(({ port }) => port) };
}

function participant(port: number): Destination {
  const targets: readonly SocketAddress[] = [{ address: '10.0.0.2', port }];
  return { prefix: new Uint8Array(PREFIX_BYTES).fill(port), targets, admits: () => true, reminded: () => undefined };
}

const acknowledge = (message: MessageWriter): void => message.ackNack(7, 2, 1, [], 1, true);

describe('an outbox', () => {
  it('sends everything for one participant within one turn as one datagram', () => {
    const { outbox, sent, portsOf } = scene();
    const [alice, bob] = [participant(1), participant(2)];
    outbox.beginTurn();
    for (const each of [alice, alice, alice, bob]) outbox.append(each, acknowledge);
    assert.deepEqual(portsOf(), [1]);
    outbox.endTurn();
    assert.deepEqual(portsOf(), [1, 2]);
    assert.ok(sent[0].bytes > sent[1].bytes);
    outbox.endTurn();
    assert.equal(sent.length, 2);
  });

  it('sends a piggybacked message only with another message to the same participant, or not at all', () => {
    const { outbox, sent } = scene();
    const [alice, bob] = [participant(1), participant(2)];
    outbox.piggyback(alice, acknowledge);
    outbox.beginTurn();
    outbox.append(alice, acknowledge);
    outbox.piggyback(alice, acknowledge);
    outbox.piggyback(bob, acknowledge);
    outbox.endTurn();
    outbox.beginTurn();
    outbox.append(alice, acknowledge);
    outbox.endTurn();
    assert.equal(sent.length, 2);
    assert.ok(sent[0].bytes > sent[1].bytes);
  });

  it('sends a message outside of a turn immediately', () => {
    const { outbox, portsOf } = scene();
    const alice = participant(1);
    outbox.append(alice, acknowledge);
    outbox.append(alice, acknowledge);
    assert.deepEqual(portsOf(), [1, 1]);
  });

  it('never lets data overtake an earlier message, nor combines the two', () => {
    const { outbox, portsOf } = scene();
    const alice = participant(1);
    outbox.beginTurn();
    outbox.append(alice, acknowledge);
    outbox.to(alice).heartbeat(7, 2, 1, 1, 1, false);
    outbox.send();
    assert.deepEqual(portsOf(), [1, 1]);
    outbox.append(alice, acknowledge);
    outbox.endTurn();
    assert.deepEqual(portsOf(), [1, 1, 1]);
  });

  it('keeps messages to different addresses of one participant separate', () => {
    const { outbox, portsOf } = scene();
    const alice = participant(1);
    outbox.beginTurn();
    outbox.append(alice, acknowledge);
    outbox.append(alice, acknowledge, participant(9).targets);
    outbox.endTurn();
    assert.deepEqual(portsOf(), [1, 9]);
  });

  it('begins another datagram before one becomes too long for the network', () => {
    const { outbox, sent } = scene();
    const alice = participant(1);
    outbox.beginTurn();
    for (let count = 0; count < 100; count += 1) outbox.append(alice, acknowledge);
    outbox.endTurn();
    assert.ok(sent.length > 1);
    for (const { bytes } of sent) assert.ok(bytes <= 1024 + MAX_ONE_SUBMESSAGE_BYTES, `${bytes}`);
  });
});
