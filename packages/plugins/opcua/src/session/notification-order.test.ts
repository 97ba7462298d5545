import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_REPUBLISHED } from './bounds.ts';
import { NotificationOrder, type Numbered } from './notification-order.ts';

const LAST = 0xffff_ffff;

/** A subscription of a server that can repeat the notifications in `kept`. */
function ordered(kept: ReadonlySet<number> = new Set()) {
  const told: number[] = [];
  const asked: number[] = [];
  const lost: number[] = [];
  let hold: Promise<void> | undefined;
  const order = new NotificationOrder<Numbered>({
    tell: ({ sequenceNumber, isSignOfLife }) => void (isSignOfLife || told.push(sequenceNumber)),
    askAgain: async (sequenceNumber) => {
      asked.push(sequenceNumber);
      await hold;
      return kept.has(sequenceNumber) ? { sequenceNumber, isSignOfLife: false } : undefined;
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
  return { order, told, asked, lost, take, live, holdAnswers };
}

describe('Notifications of a subscription', () => {
  it('are delivered on arrival without a wait if none is skipped', () => {
    const { order, told, live, asked } = ordered();
    assert.equal(order.take({ sequenceNumber: 1, isSignOfLife: false }), undefined);
    assert.equal(live(2), undefined);
    assert.equal(order.take({ sequenceNumber: 2, isSignOfLife: false }), undefined);
    assert.deepEqual([told, asked], [[1, 2], []]);
  });

  it('[edge] that were skipped are requested again, and delivered before later ones', async () => {
    const { told, asked, lost, take } = ordered(new Set([2, 3]));
    await take(1, 4, 5);
    assert.deepEqual([told, asked, lost], [[1, 2, 3, 4, 5], [2, 3], []]);
  });

  it('[edge] that were skipped are noticed by a keep-alive', async () => {
    const { told, asked, live, take } = ordered(new Set([2]));
    await take(1);
    await live(3);
    await take(3);
    assert.deepEqual([told, asked], [[1, 2, 3], [2]]);
  });

  it('[edge] are lost if the server does not have them any more, and those that it has are delivered', async () => {
    const { told, asked, lost, take } = ordered(new Set([3]));
    await take(1, 5);
    assert.deepEqual([told, asked, lost], [[1, 3, 5], [2, 3, 4], [2]]);
  });

  it('[edge] are lost without a request if too many of them are missing', async () => {
    const { told, asked, lost, take } = ordered();
    await take(1, 3 + MAX_REPUBLISHED, 4 + MAX_REPUBLISHED);
    assert.deepEqual([told, asked, lost], [[1, 3 + MAX_REPUBLISHED, 4 + MAX_REPUBLISHED], [], [MAX_REPUBLISHED + 1]]);
  });

  it('are all requested again if the number of missing ones is at the limit of requests', async () => {
    const numbers = Array.from({ length: MAX_REPUBLISHED }, (_, at) => 2 + at);
    const { told, asked, lost, take } = ordered(new Set(numbers));
    await take(1, 2 + MAX_REPUBLISHED);
    assert.deepEqual([told, asked, lost], [[1, ...numbers, 2 + MAX_REPUBLISHED], numbers, []]);
  });

  it('are not reported again if they arrive after newer ones, for as many numbers as may be asked for', async () => {
    const numbers = Array.from({ length: MAX_REPUBLISHED }, (_, at) => 2 + at);
    const { told, take } = ordered(new Set(numbers));
    await take(1, 2 + MAX_REPUBLISHED, ...numbers);
    assert.deepEqual(told, [1, ...numbers, 2 + MAX_REPUBLISHED]);
  });

  it('that arrive late are delivered in order, and only once', async () => {
    const { told, lost, take, holdAnswers } = ordered();
    const answer = holdAnswers();
    const first = take(3);
    const then = take(4);
    await take(1, 2);
    answer();
    await Promise.all([first, then]);
    await take(2, 5);
    assert.deepEqual([told, lost], [[1, 2, 3, 4, 5], []]);
  });

  it('restart at 1 after the last number', async () => {
    const { told, asked, lost, take } = ordered(new Set([LAST, 1]));
    await take(LAST - 1, 2, 3);
    assert.deepEqual([told, asked, lost], [[LAST - 1, LAST, 1, 2, 3], [LAST, 1], []]);
  });

  it('[edge] of a server that does not count, or restarts its count, are delivered all the same', async () => {
    const { told, asked, lost, take, live } = ordered();
    await take(1, 1, 0, 0, 1, 2);
    await live(0);
    await take(3, 1, 2);
    assert.deepEqual([told, asked, lost], [[1, 1, 0, 0, 1, 2, 3, 1, 2], [], []]);
  });

  it('are not delivered any more once a repeated request has failed', async () => {
    const failing = new NotificationOrder<Numbered>({
      tell: () => assert.fail('the session is over'),
      askAgain: () => Promise.reject(new Error('lost')),
      onLost: () => assert.fail('nothing is known of it'),
    });
    const turns = [2, 3].map((sequenceNumber) => failing.take({ sequenceNumber, isSignOfLife: false }));
    for (const turn of turns) await assert.rejects(turn!, /lost/);
  });
});
