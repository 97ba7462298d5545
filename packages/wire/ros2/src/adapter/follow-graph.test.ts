import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Graph, GraphDiff } from '../graph.ts';
import { followGraph } from './follow-graph.ts';

const graphAt = (generation: number): Graph => ({ generation, participants: [], nodes: [], endpoints: [] });
const diffTo = (generation: number): GraphDiff => {
  const none = { added: [], removed: [] };
  return { generation, participants: none, nodes: none, endpoints: none };
};

/** A graph that is delivered on request, and what its follower has received. */
function followed() {
  const listeners = new Set<(diff: GraphDiff) => void>();
  const first = Promise.withResolvers<Graph>();
  const events: string[] = [];
  const following = followGraph(
    {
      graph: () => first.promise,
      onGraphChange: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    {
      begin: ({ generation }) => void events.push(`graph ${generation}`),
      change: ({ generation }) => void events.push(`change ${generation}`),
    },
  );
  const change = (generation: number): void => {
    for (const listener of listeners) listener(diffTo(generation));
  };
  return { following, first, events, change, listeners };
}

describe('following the graph', () => {
  it('misses no change that arrives while the first graph is on its way, and reports none twice', async () => {
    const { following, first, events, change } = followed();
    for (const generation of [2, 3, 4]) change(generation);
    first.resolve(graphAt(3));
    await following;
    change(5);
    assert.deepEqual(events, ['graph 3', 'change 4', 'change 5']);
  });

  it('ends when it is stopped', async () => {
    const { following, first, events, change } = followed();
    first.resolve(graphAt(1));
    const stop = await following;
    stop();
    change(2);
    assert.deepEqual(events, ['graph 1']);
  });

  it('stops listening if there is no graph', async () => {
    const { following, first, listeners } = followed();
    first.reject(new Error('gone'));
    await assert.rejects(following, /gone/);
    assert.equal(listeners.size, 0);
  });
});
