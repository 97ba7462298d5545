import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NodeTable } from '../graph/node-table.ts';
import { NamedNodes } from '../names/named-nodes.ts';
import { RequiredNodes } from '../observe/required-nodes.ts';
import { change, node } from '../testing/graph-fixtures.ts';
import { LifecycleExpectation, type LifecycleReading } from './lifecycle-expectation.ts';

const ACTIVE: LifecycleReading = { kind: 'state', label: 'active' };
const INACTIVE: LifecycleReading = { kind: 'state', label: 'inactive' };
const UNREADABLE: LifecycleReading = { kind: 'unreadable' };
const NOT_MANAGED: LifecycleReading = { kind: 'not_managed' };
const ABSENT: LifecycleReading = { kind: 'absent' };

function expectation({ grace = 5, trackedNodeCap = 512 } = {}) {
  const detector = new LifecycleExpectation({ grace, trackedNodeCap });
  const see = (reading: LifecycleReading, ticks = 1, fqn = '/planner') => {
    let taken = true;
    for (let tick = 0; tick < ticks; tick++) taken = detector.observe(fqn, reading);
    return taken;
  };
  const codes = () => detector.findings().map(({ code, key }) => `${code} ${key}`);
  return { detector, see, codes };
}

describe('a node that must be active', () => {
  it('W07: is a fault if it is not active for more than the grace, until it is active', () => {
    const { see, codes } = expectation();
    see(INACTIVE, 5);
    assert.deepEqual(codes(), []);
    see(INACTIVE);
    assert.deepEqual(codes(), ['GRAPH_NODE_INACTIVE /planner']);
    see(UNREADABLE, 3);
    assert.deepEqual(codes(), ['GRAPH_NODE_INACTIVE /planner'], 'not being known is not being active');
    see(ACTIVE);
    assert.deepEqual(codes(), []);
  });

  it('W07: may be missing for three ticks, which neither heals nor counts', () => {
    const { see, codes } = expectation();
    see(INACTIVE, 5);
    see(ABSENT, 3);
    assert.deepEqual(codes(), []);
    see(INACTIVE);
    assert.deepEqual(codes(), ['GRAPH_NODE_INACTIVE /planner']);
    see(ABSENT, 3);
    assert.deepEqual(codes(), ['GRAPH_NODE_INACTIVE /planner']);
  });

  it('W07: stays in violation while it is missing for longer', () => {
    const { see, codes, detector } = expectation();
    see(INACTIVE, 2);
    see(ABSENT, 3 + 3);
    assert.deepEqual(codes(), []);
    see(ABSENT);
    assert.deepEqual(codes(), ['GRAPH_NODE_INACTIVE /planner']);
    assert.equal(detector.findings()[0]?.detail, '/planner is inactive, and has left the graph');
  });

  it('W07: causes no finding if it was active when it disappeared', () => {
    const { see, codes } = expectation();
    see(ACTIVE, 10);
    see(ABSENT, 1000);
    assert.deepEqual(codes(), []);
  });

  it('W07: is a warning if its state is unknown for 60 ticks, with the first of the causes as its code', () => {
    const { see, codes } = expectation();
    for (let pair = 0; pair < 30; pair++) {
      see(UNREADABLE);
      see(NOT_MANAGED);
    }
    assert.deepEqual(codes(), []);
    see(NOT_MANAGED);
    assert.deepEqual(codes(), ['GRAPH_NODE_UNREADABLE /planner']);
    see(NOT_MANAGED, 60);
    assert.deepEqual(codes(), ['GRAPH_NODE_UNREADABLE /planner'], 'the cause stays');
    see(INACTIVE);
    assert.deepEqual(codes(), [], 'a state that was read ends it');
    see(NOT_MANAGED, 61);
    assert.deepEqual(codes(), ['GRAPH_NODE_NOT_MANAGED /planner'], 'and another cause may own it');
  });

  it('W07: an inactive state is reported rather than an unreadable one', () => {
    const { see, codes } = expectation();
    see(INACTIVE, 6);
    see(UNREADABLE, 61);
    assert.deepEqual(codes(), ['GRAPH_NODE_INACTIVE /planner']);
    see(ACTIVE);
    see(UNREADABLE, 61);
    assert.deepEqual(codes(), ['GRAPH_NODE_UNREADABLE /planner']);
  });

  it('W07: an absence turns into an unknown state only after six ticks of it', () => {
    for (const [settled, codesFound] of [
      [5, []],
      [6, ['GRAPH_NODE_UNREADABLE /planner']],
    ] as const) {
      const { see, codes } = expectation();
      see(UNREADABLE, settled);
      see(ABSENT, 3 + 61);
      assert.deepEqual(codes(), codesFound, `${settled} ticks`);
    }
  });

  it('W07: a node that has not been asked yet causes no finding', () => {
    const { see, codes } = expectation({ grace: 0 });
    see({ kind: 'unread' }, 100);
    assert.deepEqual(codes(), []);
  });
});

describe('many nodes that must be active', () => {
  it('W07: are listed with the present ones first, then three of those that left and the number of the others', () => {
    const { detector, see } = expectation({ grace: 0 });
    for (let number = 1; number <= 6; number++) see(INACTIVE, 1, `/gone_${number}`);
    for (let number = 1; number <= 6; number++) see(ABSENT, 4, `/gone_${number}`);
    see(INACTIVE, 1, '/here');
    assert.deepEqual(
      detector.findings().map(({ detail }) => detail),
      [
        '/here is inactive',
        '/gone_1 is inactive, and has left the graph',
        '/gone_2 is inactive, and has left the graph',
        '/gone_3 is inactive, and has left the graph',
        'and 3 more that have left the graph',
      ],
    );
  });

  it('W07: are limited in number, and a node that was active when it left makes room for another', () => {
    const { see } = expectation({ trackedNodeCap: 2 });
    see(ACTIVE, 1, '/a');
    see(INACTIVE, 1, '/b');
    assert.equal(see(ACTIVE, 1, '/c'), false);
    see(ABSENT, 1, '/b');
    assert.equal(see(ACTIVE, 1, '/c'), false, 'one with a violation is not idle');
    see(ABSENT, 1, '/a');
    assert.equal(see(ACTIVE, 1, '/c'), true);
  });

  it('W07: are forgotten only if they were active when they left', () => {
    const { detector, see } = expectation();
    see(ACTIVE, 1, '/idle');
    see(INACTIVE, 1, '/bad');
    for (const fqn of ['/idle', '/bad']) see(ABSENT, 61, fqn);
    detector.prune(60);
    assert.deepEqual([...detector.tracked()], ['/bad']);
  });

  it('W07: long and foreign names are shown as 64 ASCII characters', () => {
    const { detector, see } = expectation({ grace: 0 });
    see(INACTIVE, 1, `/näme${'x'.repeat(200)}`);
    assert.match(detector.findings()[0]?.detail ?? '', /^\/n\?mex+\.\.\.x+ is inactive$/);
  });
});

describe('the entries of require_active', () => {
  function required(requireActive: readonly string[]) {
    const nodes = new NodeTable();
    const named = new NamedNodes(nodes);
    const logged: string[] = [];
    const detector = new LifecycleExpectation({ grace: 0, trackedNodeCap: 512 });
    const watch = new RequiredNodes({
      requireActive,
      detector,
      nodes,
      named,
      ask: () => INACTIVE,
      log: (_, line) => logged.push(line),
      pruneGrace: 60,
    });
    return { nodes, named, logged, detector, watch };
  }

  it('W07: match nodes by full name, name or app; two for one node count once, namesakes are two', () => {
    const { nodes, named, detector, watch } = required(['/a/planner', 'planner', 'planner_app']);
    nodes.apply(change({ nodes: [node('/a/planner'), node('/b/planner'), node('/other')] }));
    named.useApps([{ kind: 'app', id: 'planner_app', name: '', source: 'runtime', online: true, node: '/b/planner' }]);
    watch.tick(1, true);
    assert.deepEqual([...detector.tracked()].sort(), ['/a/planner', '/b/planner']);
  });

  it('W07: an entry that matches nothing is logged once, when the start-up of the graph is over', () => {
    const { nodes, logged, watch } = required(['ghost', 'planner']);
    nodes.apply(change({ nodes: [node('/planner')] }));
    watch.tick(1, false);
    assert.deepEqual(logged, []);
    watch.tick(2, true);
    watch.tick(3, true);
    assert.deepEqual(logged, ['require_active: no node has the name ghost']);
  });

  it('W07: cause no finding if the list is empty', () => {
    const { nodes, detector, watch } = required([]);
    nodes.apply(change({ nodes: [node('/planner')] }));
    watch.tick(1, true);
    assert.deepEqual([...detector.tracked()], []);
  });
});
