import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import type { Graph, GraphDiff, RosEndpoint } from '@medkit/ros2';
import { rosEndpoint } from '../testing/fake-ros.ts';
import { GraphView } from './graph-view.ts';
import { typeOf } from './topic-use.ts';

const gids = (endpoints: Iterable<RosEndpoint>): string[] => [...endpoints].map(({ gid }) => gid).sort();

function contentOf(view: GraphView, topics: readonly string[], nodes: readonly string[]): unknown {
  return {
    nodes: [...view.nodes.keys()].sort(),
    topics: topics.map((topic) => {
      const use = view.topic(topic);
      return use && { publishers: gids(use.publishers), subscriptions: gids(use.subscriptions) };
    }),
    owned: nodes.map((fqn) => gids(view.endpointsOf(fqn))),
    services: nodes.map((fqn) => [...view.servicesOf(fqn).keys()].sort()),
    servers: topics.map((service) => gids(view.serversOf(service))),
    clients: topics.map((service) => gids(view.clientsOf(service))),
    nobody: gids(view.endpointsWithoutNode()),
  };
}

describe('view of the graph', () => {
  it('is the same after any sequence of changes as one built from the whole graph', () => {
    const topics = ['/a', '/b', '/c'];
    const nodes = ['/n1', '/n2'];
    for (let seed = 0; seed < 50; seed++) {
      const random = seededRandom(seed);
      const pick = <T>(values: readonly T[]): T => values[Math.floor(random.float() * values.length)] as T;
      const endpoints = new Map<string, RosEndpoint>();
      const view = new GraphView();
      view.replace({ generation: 0, nodes: [], endpoints: [], participants: [] });
      for (let step = 1; step <= 40; step++) {
        const gid = `g${Math.floor(random.float() * 8)}`;
        const added: RosEndpoint[] = [];
        const removed: string[] = [];
        if (random.float() < 0.4) {
          removed.push(gid);
          endpoints.delete(gid);
        } else {
          const endpoint = rosEndpoint({
            gid,
            role: pick(['publisher', 'subscription', 'service', 'client']),
            name: pick(topics),
            node: pick([...nodes, undefined]),
          });
          added.push(endpoint);
          endpoints.set(gid, endpoint);
        }
        const none = { added: [], removed: [] };
        view.apply({ generation: step, nodes: none, participants: none, endpoints: { added, removed } });
        const whole: Graph = { generation: step, nodes: [], participants: [], endpoints: [...endpoints.values()] };
        const fresh = new GraphView();
        fresh.replace(whole);
        assert.deepEqual(contentOf(view, topics, nodes), contentOf(fresh, topics, nodes), `seed ${seed} step ${step}`);
      }
    }
  });

  it('returns the topics that a change affects, including the former topic of a moved endpoint', () => {
    const view = new GraphView();
    const endpoint = rosEndpoint({ gid: 'g', role: 'publisher', name: '/old' });
    view.replace({ generation: 1, nodes: [], participants: [], endpoints: [endpoint] });
    const none = { added: [], removed: [] };
    const moved: GraphDiff = {
      generation: 2,
      nodes: none,
      participants: none,
      endpoints: { added: [{ ...endpoint, name: '/new' }], removed: [] },
    };
    assert.deepEqual([...view.apply(moved)].sort(), ['/new', '/old']);
    assert.equal(view.topic('/old'), undefined);
  });
});

describe('type of a topic', () => {
  const publisher = (gid: string, type: string) => rosEndpoint({ gid, role: 'publisher', name: '/t', type });

  it('is that of most publishers, the first by name among equals', () => {
    const use = { topic: '/t', publishers: [publisher('1', 'b'), publisher('2', 'a')], subscriptions: [] };
    assert.equal(typeOf(use), 'a');
    assert.equal(typeOf({ ...use, publishers: [...use.publishers, publisher('3', 'b')] }), 'b');
  });

  it('is that of the subscriptions if it has no publisher', () => {
    const subscription = rosEndpoint({ gid: '1', role: 'subscription', name: '/t', type: 's' });
    assert.equal(typeOf({ topic: '/t', publishers: [], subscriptions: [subscription] }), 's');
    assert.equal(typeOf({ topic: '/t', publishers: [publisher('2', 'p')], subscriptions: [subscription] }), 'p');
    assert.equal(typeOf({ topic: '/t', publishers: [], subscriptions: [] }), undefined);
  });
});
