import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { TooMany } from '../refusals.ts';
import { streamTickets } from './stream-tickets.ts';

const stage = () => {
  const clock = new SimulatedClock();
  return { clock, tickets: streamTickets<string>({ clock, random: seededRandom(1) }) };
};
const PATH = '/api/v1/faults/stream';

describe('a ticket', () => {
  it('opens its stream once', () => {
    const { tickets } = stage();
    const ticket = tickets.issue('user:alice', PATH, 'alice');
    assert.match(ticket, /^[\w-]{43}$/);
    assert.equal(tickets.redeem(ticket, PATH), 'alice');
    assert.equal(tickets.redeem(ticket, PATH), undefined);
  });

  it('opens no other stream, and is consumed by the attempt', () => {
    const { tickets } = stage();
    const ticket = tickets.issue('user:alice', PATH, 'alice');
    assert.equal(tickets.redeem(ticket, '/api/v1/rosout/stream'), undefined);
    assert.equal(tickets.redeem(ticket, PATH), undefined);
  });

  it('expires after half a minute', () => {
    const { clock, tickets } = stage();
    const [early, late] = [tickets.issue('user:alice', PATH, 'alice'), tickets.issue('user:alice', PATH, 'alice')];
    clock.advance(29_999);
    assert.equal(tickets.redeem(early, PATH), 'alice');
    clock.advance(1);
    assert.equal(tickets.redeem(late, PATH), undefined);
  });

  it('that was not issued opens nothing', () => {
    for (const text of ['', 'x', 'A'.repeat(43)]) assert.equal(stage().tickets.redeem(text, PATH), undefined);
  });
});

describe('tickets', () => {
  it('are limited for each principal, so that other principals get tickets', () => {
    const { clock, tickets } = stage();
    for (let count = 0; count < 32; count += 1) tickets.issue('user:mallory', PATH, 'mallory');
    assert.throws(() => tickets.issue('user:mallory', PATH, 'mallory'), TooMany);
    tickets.issue('user:alice', PATH, 'alice');
    clock.advance(30_000);
    tickets.issue('user:mallory', PATH, 'mallory');
  });

  it('are limited in total', () => {
    const { tickets } = stage();
    for (let count = 0; count < 1024; count += 1) tickets.issue(`user:${count}`, PATH, 'x');
    assert.throws(() => tickets.issue('user:alice', PATH, 'alice'), TooMany);
    assert.deepEqual(tickets.quota.figures(), { held: 1024, capacity: 1024, owners: 1024, largest: 1, refused: 1 });
  });
});
