import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { AlreadyClosed, InvalidMessage, UnknownType } from '../errors.ts';
import { CallLink, MAX_BYTES_UNDER_WAY, MAX_CALLS_UNDER_WAY } from './call-link.ts';
import type { ToThread } from './protocol.ts';
import { decodeError, encodeError } from './wire-error.ts';

/** A link whose other end only notes what comes. */
function silentLink() {
  const posted: ToThread[][] = [];
  const port = {
    postMessage: (messages: unknown) => void posted.push(messages as ToThread[]),
    on: () => undefined,
  };
  return { link: new CallLink({ port, onTidings: () => undefined }), posted };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('calls to another thread', () => {
  it('cross as one message where they are made in one turn', async () => {
    const { link, posted } = silentLink();
    const calls = [link.call('facts'), link.call('matched', 1), link.publish(1, Uint8Array.of(1))];
    await turn();
    assert.deepEqual(
      posted.map((messages) => messages.length),
      [3],
    );
    link.break('over');
    await Promise.allSettled(calls);
  });

  it('fail together when the thread is gone, and so do later ones', async () => {
    const { link } = silentLink();
    const calls = [link.call('facts'), link.call('leave')];
    link.break('the thread ended');
    for (const call of [...calls, link.call('facts')]) {
      await assert.rejects(call, { name: 'AdapterUnavailable', message: 'the thread ended' });
    }
  });

  it('are refused where a thread that does not answer has gathered too many, or too many octets', async () => {
    const { link } = silentLink();
    const calls: Promise<unknown>[] = [];
    const message = new Uint8Array(MAX_BYTES_UNDER_WAY / 2);
    calls.push(link.publish(1, message), link.publish(1, message));
    await assert.rejects(link.publish(1, Uint8Array.of(1)), { name: 'AdapterUnavailable' });
    while (calls.length < MAX_CALLS_UNDER_WAY) calls.push(link.call('matched', 1));
    await assert.rejects(link.call('facts'), { name: 'AdapterUnavailable', message: /4096 calls/ });
    link.break('over');
    await Promise.allSettled(calls);
  });

  it('take only the message along, not the buffer it is a part of, and leave the caller its own', async () => {
    const { link, posted } = silentLink();
    const pool = new Uint8Array(100_000);
    const call = link.publish(1, pool.subarray(10, 20));
    await turn();
    const [[message]] = posted;
    assert.ok(message.kind === 'call' && message.call.name === 'publish');
    assert.equal(message.call.args[1].buffer.byteLength, 10);
    link.break('over');
    await assert.rejects(call);
    assert.equal(pool.byteLength, 100_000);
  });

  it('hear no more of a thread that was given up', async () => {
    const { port1, port2 } = new MessageChannel();
    let heard = 0;
    const link = new CallLink({ port: port1, onTidings: () => heard++ });
    const nothing = { added: [], removed: [] };
    const diff = { generation: 1, nodes: nothing, endpoints: nothing, participants: nothing };
    port2.postMessage([{ kind: 'graph', diff }]);
    await turn();
    await turn();
    assert.equal(heard, 1);
    link.break('over');
    port2.postMessage([{ kind: 'graph', diff }]);
    await turn();
    await turn();
    assert.equal(heard, 1);
    port1.close();
  });
});

describe('errors that cross between threads', () => {
  it('keep class, message and stack', () => {
    for (const Class of [InvalidMessage, UnknownType, AlreadyClosed]) {
      const error = new Class('ranges[3]: expected a number, found "x"');
      const crossed = decodeError(structuredClone(encodeError(error)));
      assert.ok(crossed instanceof Class);
      assert.equal(crossed.message, error.message);
      assert.equal(crossed.stack, error.stack);
    }
  });

  it('keep at least the name of a class that is not known here', () => {
    const crossed = decodeError(encodeError(new RangeError('too far')));
    assert.deepEqual([crossed.name, crossed.message], ['RangeError', 'too far']);
    assert.equal(decodeError(encodeError('just text')).message, 'just text');
  });
});
