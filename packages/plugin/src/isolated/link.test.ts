import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { type Answering, Link } from './link.ts';

async function linked(
  answers: Readonly<Record<string, Answering>>,
  use: (link: Link, other: MessagePort) => Promise<void>,
) {
  const { port1, port2 } = new MessageChannel();
  new Link({ port: port2, answers, onNotice: () => undefined });
  const link = new Link({ port: port1, answers: {}, onNotice: () => undefined });
  try {
    await use(link, port2);
  } finally {
    port1.close();
  }
}

describe('a link between two processes', () => {
  it('carries calls with their answers and failures, whichever comes first', async () => {
    const slow = Promise.withResolvers<string>();
    const answers = {
      slow: () => slow.promise,
      fast: (_signal: AbortSignal, n: number) => n + 1,
      function: () => () => 1,
    };
    await linked(answers, async (link) => {
      const waiting = link.call('slow', []);
      assert.equal(await link.call('fast', [1]), 2);
      slow.resolve('done');
      assert.equal(await waiting, 'done');
      await assert.rejects(link.call('unknown', []), /nothing called unknown/);
      await assert.rejects(link.call('constructor', []), /nothing called constructor/);
      await assert.rejects(link.call('function', []), /could not be cloned/);
    });
  });

  it('tells the other side that nobody waits any more', async () => {
    const aborted = Promise.withResolvers<void>();
    const wait = (signal: AbortSignal) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => {
          aborted.resolve();
          resolve('given up');
        }),
      );
    await linked({ wait }, async (link) => {
      const given = new AbortController();
      const waiting = link.call('wait', [], given.signal);
      given.abort();
      await aborted.promise;
      assert.equal(await waiting, 'given up');
    });
  });

  it('has a bound on what is under way, and fails it all when it breaks', async () => {
    await linked({ never: () => new Promise(() => undefined) }, async (link) => {
      const waiting = Array.from({ length: 1024 }, () => link.call('never', []));
      await assert.rejects(link.call('never', []), /1024 calls to answer already/);
      link.break('the process ended');
      const outcomes = await Promise.allSettled(waiting);
      assert.ok(outcomes.every((outcome) => outcome.status === 'rejected'));
      await assert.rejects(link.call('never', []), /the process ended/);
    });
  });
});
