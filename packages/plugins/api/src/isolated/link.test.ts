import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { SovdError } from '@medkit/contract';
import { type Answering, Link } from './link.ts';

async function linked(
  answers: Readonly<Record<string, Answering>>,
  use: (link: Link, other: MessagePort, nonsense: () => number) => Promise<void>,
) {
  const { port1, port2 } = new MessageChannel();
  let nonsense = 0;
  const idle = { onNotice: () => undefined, onNonsense: () => void nonsense++ };
  new Link({ port: port2, answers, ...idle });
  const link = new Link({ port: port1, answers: {}, ...idle });
  try {
    await use(link, port2, () => nonsense);
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

  it('lets what is no message pass by: a plugin may send anything from its process', async () => {
    await linked({ fast: () => 1 }, async (link, other, nonsense) => {
      const sent = [null, 'ready', 7, [], {}, { kind: 'constructor' }, { kind: 'notice' }, { kind: 'failure', id: 1 }];
      for (const message of sent) other.postMessage(message);
      assert.equal(await link.call('fast', []), 1);
      assert.equal(nonsense(), sent.length);
    });
  });

  it('fails what cannot be cloned, and keeps nothing of it', async () => {
    const failing = () => {
      throw new SovdError({ code: 'invalid-request', parameters: { of: (() => 1) as never } });
    };
    await linked({ failing, fast: () => 1 }, async (link) => {
      for (let times = 0; times < 1100; times++) {
        await assert.rejects(link.call('fast', [() => times]), /could not be cloned/);
      }
      await assert.rejects(link.call('failing', []), /could not be cloned/);
      assert.equal(await link.call('fast', []), 1);
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
