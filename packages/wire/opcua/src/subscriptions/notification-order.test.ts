import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_REPUBLISHED } from '../bounds.ts';
import { NotificationOrder, type Numbered } from './notification-order.ts';

const LAST = 0xffff_ffff;

/** A subscription of a server that can repeat the notifications in `kept`. */
function ordered(repeatable: ReadonlySet<number> = new Set()) {
  const delivered: number[] = [];
  const requested: number[] = [];
  const lost: number[] = [];
  let hold: Promise<void> | undefined;
  const order = new NotificationOrder<Numbered>({
    deliver: ({ sequenceNumber, isSignOfLife }) => void (isSignOfLife || delivered.push(sequenceNumber)),
    askAgain: async (sequenceNumber) => {
      requested.push(sequenceNumber);
      await hold;
      return repeatable.has(sequenceNumber) ? { sequenceNumber, isSignOfLife: false } : undefined;
    },
    onLost: (count) => void lost.push(count),
  });
  const take = async (...numbers: readonly number[]) => {
    for (const sequenceNumber of numbers) await order.take({ sequenceNumber, isSignOfLife: false });
  };
  const live = (sequenceNumber: number) => order.take({ sequenceNumber, isSignOfLife: true });
  const holdAnswers = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    hold = promise;
    return resolve;
  };
  return { order, delivered, requested, lost, take, live, holdAnswers };
}

describe('Notifications of a subscription', () => {
  it('are delivered on arrival without a wait if none is skipped', () => {
    const { order, delivered, live, requested } = ordered();
    assert.equal(order.take({ sequenceNumber: 1, isSignOfLife: false }), undefined);
    assert.equal(live(2), undefined);
    assert.equal(order.take({ sequenceNumber: 2, isSignOfLife: false }), undefined);
    assert.deepEqual([delivered, requested], [[1, 2], []]);
  });

  it('[edge] that were skipped are requested again, and delivered before later ones', async () => {
    const { delivered, requested, lost, take } = ordered(new Set([2, 3]));
    await take(1, 4, 5);
    assert.deepEqual([delivered, requested, lost], [[1, 2, 3, 4, 5], [2, 3], []]);
  });

  it('[edge] that were skipped are noticed by a keep-alive', async () => {
    const { delivered, requested, live, take } = ordered(new Set([2]));
    await take(1);
    await live(3);
    await take(3);
    assert.deepEqual([delivered, requested], [[1, 2, 3], [2]]);
  });

  it('[edge] are lost if the server does not have them any more, and those that it has are delivered', async () => {
    const { delivered, requested, lost, take } = ordered(new Set([3]));
    await take(1, 5);
    assert.deepEqual([delivered, requested, lost], [[1, 3, 5], [2, 3, 4], [2]]);
  });

  it('[edge] are lost without a request if too many of them are missing', async () => {
    const { delivered, requested, lost, take } = ordered();
    await take(1, 3 + MAX_REPUBLISHED, 4 + MAX_REPUBLISHED);
    assert.deepEqual(
      [delivered, requested, lost],
      [[1, 3 + MAX_REPUBLISHED, 4 + MAX_REPUBLISHED], [], [MAX_REPUBLISHED + 1]],
    );
  });

  it('are all requested again if the number of missing ones is at the limit of requests', async () => {
    const numbers = Array.from({ length: MAX_REPUBLISHED }, (_, at) => 2 + at);
    const { delivered, requested, lost, take } = ordered(new Set(numbers));
    await take(1, 2 + MAX_REPUBLISHED);
    assert.deepEqual([delivered, requested, lost], [[1, ...numbers, 2 + MAX_REPUBLISHED], numbers, []]);
  });

  it('are not reported again if they arrive after newer ones, for as many numbers as may be asked for', async () => {
    const numbers = Array.from({ length: MAX_REPUBLISHED }, (_, at) => 2 + at);
    const { delivered, take } = ordered(new Set(numbers));
    await take(1, 2 + MAX_REPUBLISHED, ...numbers);
    assert.deepEqual(delivered, [1, ...numbers, 2 + MAX_REPUBLISHED]);
  });

  it('that arrive late are delivered in order, and only once', async () => {
    const { delivered, lost, take, holdAnswers } = ordered();
    const answer = holdAnswers();
    const first = take(3);
    const then = take(4);
    await take(1, 2);
    answer();
    await Promise.all([first, then]);
    await take(2, 5);
    assert.deepEqual([delivered, lost], [[1, 2, 3, 4, 5], []]);
  });

  it('restart at 1 after the last number', async () => {
    const { delivered, requested, lost, take } = ordered(new Set([LAST, 1]));
    await take(LAST - 1, 2, 3);
    assert.deepEqual([delivered, requested, lost], [[LAST - 1, LAST, 1, 2, 3], [LAST, 1], []]);
  });

  it('[edge] of a server that does not count, or restarts its count, are delivered all the same', async () => {
    const { delivered, requested, lost, take, live } = ordered();
    await take(1, 1, 0, 0, 1, 2);
    await live(0);
    await take(3, 1, 2);
    assert.deepEqual([delivered, requested, lost], [[1, 1, 0, 0, 1, 2, 3, 1, 2], [], []]);
  });

  it('are not delivered any more once a repeated request has failed', async () => {
    const failing = new NotificationOrder<Numbered>({
      deliver: () => assert.fail('the session is over'),
      askAgain: () => Promise.reject(new Error('lost')),
      onLost: () => assert.fail('nothing is known of it'),
    });
    const turns = [2, 3].map((sequenceNumber) => failing.take({ sequenceNumber, isSignOfLife: false }));
    for (const turn of turns) await assert.rejects(turn!, /lost/);
  });
});
