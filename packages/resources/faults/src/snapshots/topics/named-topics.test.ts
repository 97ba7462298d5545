import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ResolvedTopics } from '../../topic-sampler.ts';
import { namedTopics } from './named-topics.ts';

/** Names in a graph with these meanings. */
function graph(meanings: Record<string, ResolvedTopics | undefined>) {
  const notices: string[] = [];
  const notice = ({ text }: { readonly text: string }) => void notices.push(text);
  const names = namedTopics({ sampler: { resolveTopics: (name) => meanings[name] }, notice });
  return { names, notices, meanings };
}

describe('names of topics in the configuration', () => {
  it('resolve to the topic in the graph', () => {
    const { names, notices } = graph({ min_range_m: { topics: ['/collision_monitor/min_range_m'] } });
    assert.equal(names.of('min_range_m', ['/collision_monitor']), '/collision_monitor/min_range_m');
    assert.deepEqual(notices, []);
  });

  it('resolve to their last topic after a node has died, without a log line', () => {
    const { names, notices, meanings } = graph({ scan: { topics: ['/front/scan'] } });
    assert.equal(names.resolve('scan', []), '/front/scan');
    meanings['scan'] = { topics: [], nearest: '/rear/scam' };
    assert.deepEqual([names.of('scan', []), names.resolve('scan', [])], ['/front/scan', '/front/scan']);
    assert.deepEqual(notices, []);
  });

  it('that resolve to no topic are taken from the root, which is logged once with the nearest', () => {
    const { names, notices } = graph({ voltag: { topics: [], nearest: '/battery/voltage' }, odd: { topics: [] } });
    for (let round = 0; round < 2; round += 1) {
      assert.deepEqual(
        [names.resolve('voltag', []), names.of('voltag', []), names.of('odd', [])],
        ['/voltag', '/voltag', '/odd'],
      );
    }
    assert.deepEqual(notices, [
      'Cannot capture voltag: the topic does not exist: did you mean /battery/voltage?',
      'Cannot capture odd: the topic does not exist',
    ]);
  });

  it('that are the suffix of several topics resolve to none, and the topics are logged', () => {
    const { names, notices } = graph({ scan: { topics: ['/front/scan', '/rear/scan'] } });
    names.check(['scan']);
    assert.deepEqual(notices, []);
    assert.equal(names.of('scan', []), '/scan');
    assert.deepEqual(notices, [
      'Cannot capture scan: 2 topics end with this name. Use the full name of one: /front/scan, /rear/scan',
    ]);
  });

  it('are checked before a fault needs them: one similar to an existing topic is probably a mistake', () => {
    const { names, notices } = graph({ voltag: { topics: [], nearest: '/voltage' }, late: { topics: [] } });
    names.check(['voltag', 'late', '~/voltag', 'no_graph_yet']);
    assert.deepEqual(notices, ['Cannot capture voltag: the topic does not exist: did you mean /voltage?']);
  });
});
