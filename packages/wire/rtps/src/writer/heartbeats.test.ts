import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { Agenda } from '../agenda.ts';
import { BUILTIN_QOS } from '../discovery/builtin.ts';
import { Outbox } from '../transport/outbox.ts';
import { Heartbeats } from './heartbeats.ts';
import { ReaderMatch } from './reader-match.ts';

/** Time for a reader to answer what it was sent. */
const ANSWER_MS = 20;

function scene() {
  const clock = new SimulatedClock();
  const sentMs: number[] = [];
  /** When the agenda started a turn. */
  const lookedMs: number[] = [];
  const outbox = new Outbox({
    prefix: new Uint8Array(12),
    transport: { send: () => void sentMs.push(clock.monotonicMs()) },
  });
  const agenda = new Agenda(clock, {
    beginTurn: () => void lookedMs.push(clock.monotonicMs()),
    endTurn: () => undefined,
  });
  const guid = 'a'.padStart(32, '0');
  const match = new ReaderMatch({
    reader: {
      guid,
      kind: 'reader',
      topicName: 'rt/kept',
      typeName: 'Kept',
      qos: BUILTIN_QOS,
      userData: new Uint8Array(0),
      keyed: false,
      vendorId: '014d',
    },
    destination: { prefix: new Uint8Array(12), targets: [], admits: () => true, reminded: () => undefined },
    expectsInlineQos: false,
    start: 1,
    lastSent: 3,
  });
  const heartbeats = new Heartbeats({
    writerId: 2,
    agenda,
    outbox,
    matches: new Map([[guid, match]]),
    wantsAnswers: false,
    last: () => 3,
    firstFor: () => 1,
    announcedTo: () => 3,
  });
  return { clock, sentMs, lookedMs, match, heartbeats };
}

describe('heartbeats', () => {
  it('remind a reader when it has had time to answer, without an earlier check', () => {
    const { clock, sentMs, lookedMs, match, heartbeats } = scene();
    const startMs = clock.monotonicMs();
    match.pace.served(3, startMs);
    heartbeats.remindServed(match);
    clock.advance(ANSWER_MS);
    assert.deepEqual(sentMs, [startMs + ANSWER_MS]);
    assert.deepEqual(lookedMs, sentMs);
  });
});
