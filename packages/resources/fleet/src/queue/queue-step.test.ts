import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FLEET_QUEUE_STATES, MAX_QUEUED_REPLY } from '@medkit/contract';
import { type QueuedState, type QueueFacts, queueStep } from './queue-step.ts';

const HOUR = 3_600_000;
const NOW = 1_000 * HOUR;

const rowOf = (fields: Partial<QueuedState> = {}): QueuedState => ({
  ...{ state: 'waiting', expiresMs: NOW + 24 * HOUR, notBeforeMs: NOW, sentMs: undefined, dueMs: 0, attempt: 0 },
  ...{ reason: undefined, reply: undefined, endedMs: undefined },
  ...fields,
});
const sent = (fields: Partial<QueuedState> = {}) => rowOf({ state: 'sent', sentMs: NOW - 1000, ...fields });
const after = (row: QueuedState, facts: Partial<QueueFacts> = {}) =>
  queueStep(row, { nowMs: NOW, isConnected: true, ...facts });
/** State and reason after a step, and whether the request is sent or has ended. */
const seen = (row: QueuedState, facts: Partial<QueueFacts> = {}): string => {
  const { row: next, isSent } = after(row, facts);
  const text = [next.state, ...(isSent ? ['send'] : []), ...(next.endedMs === undefined ? [] : ['ended'])].join(' ');
  return next.reason === undefined ? text : `${text}: ${next.reason}`;
};

const FACTS: Readonly<Record<string, Partial<QueueFacts>>> = {
  connected: {},
  away: { isConnected: false },
  refused: { refusal: 'the account user:ada was removed' },
  expired: { nowMs: NOW + 25 * HOUR },
  done: { reply: { status: 200, body: { a: 1 } } },
  rejected: { reply: { status: 404, body: { message: 'no fault X' } } },
  busy: { reply: { status: 409, body: { message: 'locked' } } },
  failed: { reply: { status: 504, body: { message: 'the node is silent' } } },
  reused: { reply: { status: 409, code: 'x-medkit-key-reused', body: { message: 'too long' } } },
  cut: { isCut: true },
};
const SILENT = 'it was sent, and no reply arrived';

describe('a step of a queued request', () => {
  it('follows from its state and the facts', () => {
    const afterSend = {
      connected: 'sent send',
      away: `unknown: ${SILENT}`,
      refused: `unknown ended: ${SILENT}; the account user:ada was removed`,
      expired: `unknown ended: ${SILENT}; it has expired`,
      done: 'done ended',
      rejected: 'refused ended: the robot answered 404: no fault X',
      busy: 'waiting: the robot answered 409: locked',
      failed: 'unknown ended: the robot answered 504: the node is silent',
      reused: 'unknown ended: the robot answered 409: too long',
      cut: `unknown: ${SILENT}`,
    };
    const expected: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      waiting: {
        ...Object.fromEntries(Object.keys(FACTS).map((fact) => [fact, 'sent send'])),
        away: 'waiting',
        refused: 'refused ended: the account user:ada was removed',
        expired: 'expired ended',
      },
      sent: afterSend,
      unknown: afterSend,
    };
    for (const state of FLEET_QUEUE_STATES) {
      const isOpen = state in expected;
      const reason = state === 'unknown' ? { reason: SILENT } : {};
      const row = rowOf({
        ...{ state, ...reason },
        ...(state !== 'waiting' && { sentMs: NOW - 1000 }),
        ...(!isOpen && { endedMs: NOW - 1 }),
      });
      for (const [name, facts] of Object.entries(FACTS)) {
        if (isOpen) assert.equal(seen(row, facts), expected[state]![name], `${state} ${name}`);
        else assert.equal(after(row, facts).row, row, `${state} ${name}`);
      }
    }
  });

  it('waits for its time, and for the delay after a refusal', () => {
    assert.equal(seen(rowOf({ notBeforeMs: NOW + 1 })), 'waiting');
    assert.equal(seen(rowOf({ dueMs: NOW + 1 })), 'waiting');
    assert.equal(seen(rowOf({ state: 'unknown', sentMs: NOW - 1, dueMs: NOW + 1 })), 'unknown');
  });

  it('is tried three times more if the robot is busy, and is refused then', () => {
    const delays: number[] = [];
    let row = sent();
    for (;;) {
      row = after(row, FACTS['busy']).row;
      if (row.endedMs !== undefined) break;
      delays.push((row.dueMs - NOW) / 60_000);
      row = { ...row, state: 'sent', sentMs: NOW };
    }
    assert.deepEqual([delays, row.state], [[1, 5, 30], 'refused']);
  });

  it('is not sent again if the robot may have forgotten its key, or the clock of the hub went back', () => {
    const open = { expiresMs: NOW + 1000 * HOUR };
    assert.equal(seen(sent({ ...open, sentMs: NOW - 23 * HOUR })), 'sent send');
    assert.match(seen(sent({ ...open, sentMs: NOW - 23 * HOUR - 1 })), /^unknown ended: .*forgotten its key/);
    assert.equal(seen(sent({ sentMs: NOW + 60_000 })), 'sent send');
    assert.match(seen(sent({ sentMs: NOW + 60_001 })), /^unknown ended: .*the clock of the hub went back/);
  });

  it('has the time of the first time that it was sent', () => {
    const first = after(rowOf()).row;
    const { row } = after({ ...first, state: 'unknown' }, { nowMs: NOW + HOUR });
    assert.deepEqual([first.sentMs, row.sentMs], [NOW, NOW]);
  });

  it('stores a reply of at most 64 KiB, and reasons of at most 500 characters', () => {
    const replyTo = (body: unknown) => after(sent(), { reply: { status: 200, body } }).row.reply;
    assert.deepEqual(replyTo({ n: 2n ** 60n }), { status: 200, body: '{"n":1152921504606846976}' });
    assert.equal(replyTo('x'.repeat(MAX_QUEUED_REPLY - 2))?.body?.length, MAX_QUEUED_REPLY);
    assert.deepEqual(replyTo('x'.repeat(MAX_QUEUED_REPLY - 1)), { status: 200, body: undefined });
    assert.equal(after(rowOf(), { refusal: 'x'.repeat(900) }).row.reason?.length, 500);
  });
});
