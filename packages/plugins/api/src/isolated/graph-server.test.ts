import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IncomingCall, Link } from '@medkit/edges/link';
import type { LocalNode } from '@medkit/ros2';
import type { RosAccess } from '../plugin-context.ts';
import { EventForwarder } from './event-forwarder.ts';
import { GraphServer } from './graph-server.ts';

describe('the graph for the process of a plugin', () => {
  it('leaves no node open once the process has ended, including a node that was still being opened', async () => {
    const opening = Promise.withResolvers<void>();
    let open = 0;
    const node = async (): Promise<LocalNode> => {
      await opening.promise;
      open++;
      return { fqn: '/pump', close: async () => void open-- } as LocalNode;
    };
    const link = () => ({ notify: () => undefined }) as unknown as Link;
    const listeners = new EventForwarder({ link, onOverflow: () => undefined });
    const graph = new GraphServer({ node } as unknown as RosAccess, listeners, link);
    const pending = graph.answers['ros.node']?.([{}] as never, {} as IncomingCall) as Promise<unknown>;
    const refused = assert.rejects(pending, /the process has ended/);
    await graph.close();
    opening.resolve();
    await refused;
    assert.equal(open, 0);
  });

  it('adds each listener id once, and ignores acknowledgements of messages that were never sent', () => {
    const sent: unknown[] = [];
    const link = () => ({ notify: (...event: unknown[]) => void sent.push(event) }) as unknown as Link;
    let stopped = 0;
    let overflows = 0;
    const listeners = new EventForwarder({ link, onOverflow: () => void overflows++ });
    let deliver: (event: unknown) => void = () => undefined;
    const on = (listener: (event: unknown) => void) => {
      deliver = listener;
      return () => void stopped++;
    };
    listeners.add(1, false, on);
    assert.throws(() => listeners.add(1, false, on), /listener 1 already exists/);
    for (let times = 0; times < 50; times++) listeners.taken(1);
    for (let times = 0; times < 257; times++) deliver(times);
    assert.deepEqual([sent.length, overflows], [256, 1]);
    listeners.clear();
    assert.equal(stopped, 1);
  });
});
