import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { GraphModel } from '../graph/graph-model.ts';
import type { Graph, GraphDiff } from '../graph.ts';
import { gid, prefix, remoteEndpoint, remoteParticipant } from '../testing/remote-endpoints.ts';
import { GraphFeed, MAX_PENDING_CHANGES } from './graph-feed.ts';
import { GraphMirror } from './graph-mirror.ts';

/** A changing graph, and a client that applies its changes on request. */
function follow() {
  const model = new GraphModel();
  const underWay: GraphDiff[] = [];
  const feed = new GraphFeed({ current: () => model.graph, post: (diff) => underWay.push(diff) });
  const mirror = new GraphMirror({ onListenerFailure: () => assert.fail('a listener threw') });
  return {
    model,
    underWay,
    feed,
    mirror,
    change(change: (model: GraphModel) => void) {
      change(model);
      const diff = model.takeDiff();
      if (diff) feed.changed(diff);
    },
    takeOne() {
      const diff = underWay.shift();
      if (!diff) return false;
      mirror.apply(diff);
      feed.seen();
      return true;
    },
  };
}

const sorted = ({ participants, nodes, endpoints }: Graph) => ({
  participants: participants.toSorted((a, b) => (a.guidPrefix < b.guidPrefix ? -1 : 1)),
  nodes: nodes.toSorted((a, b) => (a.fqn < b.fqn ? -1 : 1)),
  endpoints: endpoints.toSorted((a, b) => (a.gid < b.gid ? -1 : 1)),
});

describe('the graph in another thread', () => {
  it('equals the original graph once it has all changes, however far it fell behind', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const { model, mirror, change, takeOne, underWay } = follow();
      const random = seededRandom(seed);
      const below = (limit: number) => Math.floor(random.float() * limit);
      for (let step = 0; step < 300; step++) {
        change((graph) => {
          const participant = below(6);
          const endpoint = gid(participant, below(5));
          const turn = below(5);
          if (turn === 0) graph.setParticipant(remoteParticipant(participant));
          else if (turn === 1) graph.removeParticipant(prefix(participant));
          else if (turn === 2) graph.removeEndpoint(endpoint);
          else if (turn === 3) graph.setEndpoint(remoteEndpoint(endpoint, 'writer', `/t${below(3)}`));
          else {
            const node = { namespace: '/', name: `n${below(3)}`, readers: [], writers: [endpoint] };
            graph.setNodes(prefix(participant), [node]);
          }
        });
        assert.ok(underWay.length <= MAX_PENDING_CHANGES);
        if (random.float() < 0.2) takeOne();
      }
      while (takeOne());
      assert.deepEqual(sorted(mirror.graph), sorted(model.graph), `seed ${seed}`);
    }
  });

  it('delivers pending changes immediately on request', () => {
    const { change, feed, takeOne, mirror } = follow();
    for (let participant = 1; participant <= 20; participant++) {
      change((graph) => graph.setParticipant(remoteParticipant(participant)));
    }
    feed.settle();
    while (takeOne());
    assert.equal(mirror.graph.participants.length, 20);
  });

  it('is emptied when its thread ends, and generations continue', () => {
    const { change, takeOne, mirror } = follow();
    change((graph) => graph.setParticipant(remoteParticipant(1)));
    takeOne();
    const diffs: GraphDiff[] = [];
    mirror.onChange((diff) => diffs.push(diff));
    const { generation } = mirror.graph;
    mirror.clear();
    mirror.clear();
    assert.deepEqual(
      diffs.map(({ participants, ...diff }) => [diff.generation, participants.removed]),
      [[generation + 1, [prefix(1)]]],
    );
    assert.deepEqual(mirror.graph.participants, []);
  });

  it('notifies all listeners even if one throws', () => {
    let failures = 0;
    let calls = 0;
    const mirror = new GraphMirror({ onListenerFailure: () => failures++ });
    mirror.onChange(() => assert.fail('no'));
    const stop = mirror.onChange(() => calls++);
    const nothing = { added: [], removed: [] };
    const diff = { generation: 1, nodes: nothing, endpoints: nothing, participants: nothing };
    mirror.apply(diff);
    stop();
    mirror.apply(diff);
    assert.deepEqual([failures, calls], [2, 1]);
  });
});
