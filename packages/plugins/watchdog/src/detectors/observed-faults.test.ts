import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NodeTable } from '../graph/node-table.ts';
import { NamedNodes } from '../names/named-nodes.ts';
import { change, node } from '../testing/graph-fixtures.ts';
import { VANISHED_AFTER_MS } from '../vanished-process.ts';
import { LatencyBudget } from './latency-budget.ts';
import { NodeDisappeared } from './node-disappeared.ts';
import { RateDrop } from './rate-drop.ts';
import { TfStale } from './tf-stale.ts';
import { TopicFlow } from './topic-flow.ts';

describe('nodes that disappear', () => {
  function disappeared({ required = [], ignore = [] }: { required?: readonly string[]; ignore?: readonly string[] }) {
    const nodes = new NodeTable();
    const detector = new NodeDisappeared({ grace: 2, required, ignore }, new NamedNodes(nodes));
    return { nodes, detector, details: () => detector.findings().map(({ detail }) => detail) };
  }

  it('are reported if their process fell silent, and not if they shut down cleanly', () => {
    const { nodes } = disappeared({});
    nodes.apply(change({ nodes: [node('/crashed', ['p1']), node('/closed', ['p2']), node('/unloaded', ['p3'])] }));
    const left = nodes.apply(change({ gone: ['/crashed', '/closed', '/unloaded'], lost: ['p1'], left: ['p2'] }));
    assert.deepEqual(left, [
      { fqn: '/crashed', silent: true },
      { fqn: '/closed', silent: false },
      { fqn: '/unloaded', silent: false },
    ]);
  });

  it('are reported until they are back, or a client clears the fault', () => {
    const { nodes, detector, details } = disappeared({ ignore: ['/tool_*'] });
    detector.lost('/lidar');
    detector.lost('/tool_7');
    assert.deepEqual(details(), ['/lidar disappeared without unregistering']);
    nodes.apply(change({ nodes: [node('/lidar')] }));
    assert.deepEqual(details(), []);
    nodes.apply(change({ gone: ['/lidar'] }));
    assert.deepEqual(details(), [], 'its crash of before is over');
    detector.lost('/lidar');
    detector.acknowledge();
    assert.deepEqual(details(), []);
  });

  it('are reported if they are required, also after a clean shutdown or if they never appeared', () => {
    const { nodes, detector, details } = disappeared({ required: ['lidar'] });
    assert.deepEqual(details(), ['lidar is required but does not run']);
    nodes.apply(change({ nodes: [node('/lidar')] }));
    assert.deepEqual(details(), []);
    nodes.apply(change({ gone: ['/lidar'] }));
    detector.acknowledge();
    assert.deepEqual(details(), ['lidar is required but does not run']);
  });
});

describe('frames of /tf', () => {
  function frames(ignore: readonly string[] = []) {
    const detector = new TfStale({ grace: 3, maxAgeMs: 2000, ignore }, (gid) => (gid === 'g1' ? '/odom' : undefined));
    const publish = (frame: string, times: number, periodMs: number, fromMs = 0) => {
      for (let at = 0; at < times; at++) detector.observe(frame, 'odom', 'g1', fromMs + at * periodMs);
    };
    return { detector, publish, stale: (nowMs: number) => detector.findings(1, nowMs).map(({ key }) => key) };
  }

  it('that were published regularly and stopped are stale, until they resume', () => {
    const { detector, publish, stale } = frames();
    publish('base_link', 100, 20);
    assert.deepEqual(stale(1980 + 2000), []);
    assert.deepEqual(stale(1980 + 2001), ['base_link']);
    const [finding] = detector.findings(1, 10_000);
    assert.equal(finding?.detail, 'frame base_link, which /odom published, stopped (child of odom)');
    assert.equal(finding?.node, '/odom');
    publish('base_link', 1, 0, 10_000);
    assert.deepEqual(stale(10_001), []);
    assert.deepEqual(stale(12_001), ['base_link'], 'the time it was stale is no gap to learn from');
  });

  it('that are rare become stale only after five of their intervals', () => {
    const { publish, stale } = frames();
    publish('map', 20, 1500);
    const lastMs = 19 * 1500;
    assert.deepEqual(stale(lastMs + 5 * 1500), []);
    assert.deepEqual(stale(lastMs + 5 * 1500 + 1), ['map']);
  });

  it('that were rare, that may stop, or that lost their publisher in a clean shutdown are not reported', () => {
    const { detector, publish, stale } = frames(['tool*']);
    publish('once', 9, 10);
    publish('tool0', 100, 10);
    publish('base_link', 100, 10);
    detector.publisherLeft('g1');
    assert.deepEqual(stale(100_000), []);
  });

  it('whose process fell silent are reported for an hour, or until a client clears the fault', () => {
    const { detector, publish, stale } = frames();
    const isStale = (atMs: number) => stale(atMs).length > 0;
    publish('base_link', 100, 20);
    detector.publisherLost('g1', 10_000);
    const [finding] = detector.findings(1, 10_000);
    assert.match(finding?.detail ?? '', /stopped when its process disappeared \(child of odom\)$/);
    assert.deepEqual([isStale(10_000 + VANISHED_AFTER_MS), isStale(10_001 + VANISHED_AFTER_MS)], [true, false]);
    publish('base_link', 100, 20, 5_000_000);
    assert.equal(isStale(5_010_000), true, 'it is back, and stopped once more');
    detector.acknowledge();
    assert.equal(isStale(5_010_000), true, 'its publisher is there and silent: that goes on');
    detector.publisherLost('g1', 5_010_000);
    detector.acknowledge();
    assert.equal(isStale(5_010_000), false);
  });

  it('are remembered up to a bound', () => {
    const { publish, stale } = frames();
    for (let number = 0; number < 3000; number++) publish(`frame_${number}`, 10, 1);
    assert.equal(stale(100_000).length, 2048);
  });
});

describe('rates and latencies', () => {
  /** Simulates messages at a rate for some seconds, with a mark at each second. */
  function flow() {
    const watched = new TopicFlow();
    let nowMs = 0;
    watched.mark(0);
    const run = (seconds: number, rateHz: number, ageMs = 5) => {
      let owed = 0;
      for (let second = 0; second < seconds; second++) {
        for (owed += rateHz; owed >= 1; owed--) watched.arrived(ageMs);
        nowMs += 1000;
        watched.mark(nowMs);
      }
    };
    return { flow: watched, run };
  }

  it('a rate is that of a window, once it has been watched for that long', () => {
    const { flow: watched, run } = flow();
    run(4, 10);
    assert.equal(watched.rateHz(5000), undefined);
    run(1, 10);
    assert.equal(watched.rateHz(5000), 10);
    run(5, 2);
    assert.equal(watched.rateHz(5000), 2);
  });

  it('a topic that falls below half of its expected rate has dropped, until it recovers', () => {
    const { flow: watched, run } = flow();
    const detector = new RateDrop(
      { grace: 3, fraction: 0.5, topics: new Map([['/scan', 10]]) },
      new Map([['/scan', { flow: watched, publisher: '/lidar' }]]),
    );
    const details = () => detector.findings().map(({ detail }) => detail);
    run(10, 10);
    assert.deepEqual(details(), []);
    run(5, 4);
    assert.deepEqual(details(), ['/scan of /lidar arrives at 4 Hz instead of 10 Hz']);
    run(5, 5);
    assert.deepEqual(details(), []);
    run(5, 0);
    assert.deepEqual(details(), ['/scan of /lidar arrives at 0 Hz instead of 10 Hz']);
  });

  it('a topic without an expected rate is compared with its first half minute', () => {
    const { flow: watched, run } = flow();
    const detector = new RateDrop(
      { grace: 3, fraction: 0.5, topics: new Map() },
      new Map([['/scan', { flow: watched, publisher: undefined }]]),
    );
    run(30, 20);
    assert.equal(detector.findings().length, 0);
    run(5, 8);
    assert.equal(detector.findings()[0]?.detail, '/scan arrives at 8 Hz instead of 20 Hz');
    detector.forget('/scan');
    run(30, 8);
    assert.equal(detector.findings().length, 0, 'forgotten, it is measured anew');
  });

  it('a slow topic is measured over as many messages as a fast one', () => {
    const { flow: watched, run } = flow();
    const detector = new RateDrop(
      { grace: 3, fraction: 0.5, topics: new Map([['/map', 0.2]]) },
      new Map([['/map', { flow: watched, publisher: undefined }]]),
    );
    run(24, 0);
    assert.equal(detector.findings().length, 0);
    run(1, 0);
    assert.equal(detector.findings().length, 1);
  });

  it('a latency is the median of the latest, so that a single late message causes no fault', () => {
    const { flow: watched, run } = flow();
    const detector = new LatencyBudget(
      {
        grace: 3,
        budgets: new Map([
          ['/scan', 50],
          ['/unwatched', 1],
        ]),
      },
      new Map([['/scan', { flow: watched, publisher: '/lidar' }]]),
    );
    assert.deepEqual(detector.findings(), []);
    run(10, 10, 20);
    run(1, 3, 900);
    assert.deepEqual(detector.findings(), []);
    run(10, 10, 80);
    assert.equal(
      detector.findings()[0]?.detail,
      '/scan of /lidar arrives 80 ms after it was published, more than 50 ms',
    );
  });
});
