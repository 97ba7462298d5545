import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AdapterUnavailable, AlreadyClosed, InvalidMessage, UnknownType } from '../errors.ts';
import { ROS_ERRORS } from './link-errors.ts';
import { copyOf, LINK_BOUNDS, linkToThread } from './thread-link.ts';

/** A link whose other end only records what it receives. */
function silentLink() {
  const posted: { readonly args: readonly unknown[] }[][] = [];
  const port = {
    postMessage: (messages: unknown) => void posted.push(messages as (typeof posted)[number]),
    on: () => undefined,
  };
  const hears = { debug: () => undefined, graph: () => undefined, samples: () => undefined };
  const link = linkToThread({ port, onCall: () => undefined, hears });
  const publish = (cdr: Uint8Array) => {
    const { copy, weight } = copyOf(cdr);
    return link.call('publish', [1, copy], weight);
  };
  return { link, posted, publish };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('calls to another thread', () => {
  it('cross as one message if they are made in one turn', async () => {
    const { link, posted, publish } = silentLink();
    const calls = [link.call('facts', []), link.call('matched', [1]), publish(Uint8Array.of(1))];
    await turn();
    assert.deepEqual(
      posted.map((messages) => messages.length),
      [3],
    );
    link.break(new AdapterUnavailable('over'));
    await Promise.allSettled(calls);
  });

  it('fail together when the thread has ended, and so do later ones', async () => {
    const { link } = silentLink();
    const calls = [link.call('facts', []), link.call('leave', [])];
    link.break(new AdapterUnavailable('the thread ended'));
    for (const call of [...calls, link.call('facts', [])]) {
      await assert.rejects(call, { name: 'AdapterUnavailable', message: 'the thread ended' });
    }
  });

  it('are refused if an unresponsive thread has gathered too many, or too many bytes', async () => {
    const { link, publish } = silentLink();
    const calls: Promise<unknown>[] = [];
    const message = new Uint8Array(LINK_BOUNDS.bytes / 2);
    calls.push(publish(message), publish(message));
    await assert.rejects(publish(Uint8Array.of(1)), { name: 'AdapterUnavailable' });
    while (calls.length < LINK_BOUNDS.calls) calls.push(link.call('matched', [1]));
    await assert.rejects(link.call('facts', []), { name: 'AdapterUnavailable', message: /4096 pending calls/ });
    link.break(new AdapterUnavailable('over'));
    await Promise.allSettled(calls);
  });

  it('transfer only the message, not the buffer that contains it, and leave the caller its copy', async () => {
    const { link, posted, publish } = silentLink();
    const pool = new Uint8Array(100_000);
    const call = publish(pool.subarray(10, 20));
    await turn();
    const [[message]] = posted;
    assert.equal((message.args[1] as Uint8Array).buffer.byteLength, 10);
    link.break(new AdapterUnavailable('over'));
    await assert.rejects(call);
    assert.equal(pool.byteLength, 100_000);
  });
});

describe('errors that cross between threads', () => {
  it('keep class, message and stack', () => {
    for (const Class of [InvalidMessage, UnknownType, AlreadyClosed]) {
      const error = new Class('ranges[3]: expected a number, found "x"');
      const crossed = ROS_ERRORS.decode(structuredClone(ROS_ERRORS.encode(error)));
      assert.ok(crossed instanceof Class);
      assert.equal(crossed.message, error.message);
      assert.equal(crossed.stack, error.stack);
    }
  });
});
