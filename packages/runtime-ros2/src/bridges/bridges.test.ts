import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { FaultReport } from '@medkit/faults';
import type { RosEndpoint } from '@medkit/ros2';
import { GraphView } from '../graph/graph-view.ts';
import { FakeRos, rosEndpoint, rosNode } from '../testing/fake-ros.ts';
import { settle } from '../testing/running-runtime.ts';
import { Cooldown } from './cooldown.ts';
import { type BridgeSettings, openFaultBridges } from './fault-bridges.ts';

const RULES = { abortedSeverity: 2, canceledIsFault: false, healOnSucceeded: true, codePrefix: 'ACTION' } as const;
const ALL: Required<BridgeSettings> = {
  diagnostics: {
    topic: '/diagnostics',
    nameToCode: new Map(),
    keyvalueCodes: [],
    autoGenerateCodes: true,
    useHardwareIdAsSourceId: false,
    usePublisherAsSourceId: false,
  },
  logs: {
    severityFloor: 30,
    codePrefix: 'LOG',
    excludeNodes: [],
    includeOnlyNodes: [],
    excludeMedkitStack: true,
    cooldownMs: 5000,
  },
  actions: { ...RULES, excludeActions: [], includeOnlyActions: [] },
};

const TOPIC = '/navigate/_action/status';

function publisherOf(topic: string, fields: Partial<RosEndpoint> = {}): RosEndpoint {
  const type = 'action_msgs/msg/GoalStatusArray';
  return rosEndpoint({ gid: `pub ${topic}`, role: 'publisher', name: topic, node: '/bt_navigator', type, ...fields });
}

/** Bridges on a graph with an action, and what they report. */
async function bridged(settings: BridgeSettings = ALL, endpoints = [publisherOf(TOPIC)]) {
  const clock = new SimulatedClock();
  const ros = new FakeRos();
  const view = new GraphView();
  const reports: FaultReport[] = [];
  const taken = { yes: true };
  view.replace({ generation: 0, nodes: [], participants: [], endpoints });
  const report = async (report: FaultReport) => {
    if (taken.yes) reports.push(report);
    return taken.yes;
  };
  const node = await ros.node({ name: 'medkit' });
  const bridges = openFaultBridges({ node, view, clock, log: () => undefined, report }, settings);
  for (const topic of view.topics) bridges.topicChanged(topic, view.topic(topic));
  await settle();
  const goals = async (...statuses: readonly number[]) => {
    ros.deliver(TOPIC, { status_list: statuses.map((status) => ({ status })) }, { gid: `pub ${TOPIC}` });
    await settle();
  };
  const heard = () => reports.map(({ event, code }) => `${event} ${code}`);
  const vanish = async () => {
    view.replace({ generation: 1, nodes: [], participants: [], endpoints: [] });
    bridges.topicChanged(TOPIC, undefined);
    await settle();
  };
  return { clock, ros, view, bridges, reports, taken, goals, heard, vanish };
}

describe('the bridge from actions', () => {
  it('X06, X02: tells that a goal was aborted, and that a later one succeeded, each once', async () => {
    const { goals, heard, reports } = await bridged();
    await goals(4);
    await goals(6);
    await goals(6, 6);
    await goals(6, 4);
    assert.deepEqual(heard(), ['FAILED ACTION_NAVIGATE_ABORTED']);
    assert.deepEqual(reports[0], {
      code: 'ACTION_NAVIGATE_ABORTED',
      event: 'FAILED',
      severity: 2,
      description: 'Action /navigate aborted',
      source: '/bt_navigator',
    });
    await goals(2);
    await goals(4);
    await goals(4);
    assert.deepEqual(heard().slice(1), ['PASSED ACTION_NAVIGATE_ABORTED']);
    await goals(6);
    assert.equal(heard().length, 3);
  });

  it('X06: takes canceled goals for failed where that is wanted, and does not heal where it is not', async () => {
    const { goals, heard } = await bridged({
      actions: { ...ALL.actions, canceledIsFault: true, healOnSucceeded: true },
    });
    await goals(5);
    await goals(4);
    assert.deepEqual(heard(), [
      'FAILED ACTION_NAVIGATE_CANCELED',
      'PASSED ACTION_NAVIGATE_ABORTED',
      'PASSED ACTION_NAVIGATE_CANCELED',
    ]);
    const unhealed = await bridged({ actions: { ...ALL.actions, healOnSucceeded: false } });
    await unhealed.goals(6);
    await unhealed.goals(4);
    await unhealed.goals(6);
    assert.deepEqual(unhealed.heard(), ['FAILED ACTION_NAVIGATE_ABORTED', 'FAILED ACTION_NAVIGATE_ABORTED']);
  });

  it('X07: keeps to the source that it chose first, the action where the node is not known', async () => {
    const { goals, view, reports } = await bridged(ALL, [publisherOf(TOPIC, { node: undefined })]);
    await goals(6);
    view.replace({ generation: 1, nodes: [], participants: [], endpoints: [publisherOf(TOPIC)] });
    await goals(4);
    assert.deepEqual(
      reports.map(({ source }) => source),
      ['/navigate', '/navigate'],
    );
  });

  it('X08: tells again what was not taken, and only how it stands then', async () => {
    const { goals, heard, taken, clock } = await bridged();
    taken.yes = false;
    await goals(6);
    clock.advance(500);
    await settle();
    assert.deepEqual(heard(), []);
    taken.yes = true;
    clock.advance(500);
    await settle();
    assert.deepEqual(heard(), ['FAILED ACTION_NAVIGATE_ABORTED']);
    taken.yes = false;
    await goals(4);
    await goals(6);
    taken.yes = true;
    clock.advance(500);
    await settle();
    assert.equal(heard().length, 1);
  });

  it('X09: heals what has vanished, and begins anew when it is back', async () => {
    const { goals, heard, vanish, ros, view, bridges } = await bridged();
    await goals(6);
    await vanish();
    assert.deepEqual(heard().slice(1), ['PASSED ACTION_NAVIGATE_ABORTED']);
    assert.equal(ros.subscriptions.filter(({ topic }) => topic === TOPIC).length, 0);
    view.replace({ generation: 2, nodes: [], participants: [], endpoints: [publisherOf(TOPIC)] });
    bridges.topicChanged(TOPIC, view.topic(TOPIC));
    await settle();
    await goals(6);
    assert.equal(heard().length, 3);
  });

  it('stands back while the robot has a bridge of its own', async () => {
    const { goals, heard, view, ros, bridges } = await bridged();
    const nodes = ['/action_status_bridge', '/diagnostic_bridge', '/log_bridge'].map((fqn) => rosNode(fqn));
    view.replace({ generation: 1, nodes, participants: [], endpoints: [publisherOf(TOPIC)] });
    await goals(6);
    ros.deliver('/diagnostics', { status: [{ level: 2, name: 'a', message: '', hardware_id: '', values: [] }] });
    bridges.logged({ level: 50, name: 'ctrl', msg: 'dead' });
    assert.deepEqual(heard(), []);
  });

  it('leaves nothing behind when it is closed', async () => {
    const { bridges, ros, goals, taken, heard, clock } = await bridged();
    taken.yes = false;
    await goals(6);
    await bridges.close();
    taken.yes = true;
    clock.advance(5000);
    await settle();
    assert.deepEqual([ros.subscriptions.length, heard().length], [0, 0]);
  });
});

describe('the bridge from diagnostics', () => {
  it('G05: tells errors at once, warnings when they repeat, and every OK', async () => {
    const { ros, heard, clock } = await bridged();
    const diagnose = (...levels: readonly (readonly [string, number])[]) => {
      const status = levels.map(([name, level]) => ({ name, level, message: 'm', hardware_id: '', values: [] }));
      ros.deliver('/diagnostics', { status });
      clock.advance(1000);
    };
    diagnose(['motor', 2], ['battery', 1], ['lidar', 3], ['***', 2]);
    assert.deepEqual(heard(), ['FAILED MOTOR', 'FAILED LIDAR']);
    diagnose(['battery', 1]);
    diagnose(['battery', 1]);
    assert.deepEqual(heard().slice(2), ['FAILED BATTERY']);
    diagnose(['battery', 0], ['motor', 0]);
    assert.deepEqual(heard().slice(3), ['PASSED BATTERY', 'PASSED MOTOR']);
  });

  it('comes from the node that publishes where that is wanted and known, otherwise from the bridge', async () => {
    const status = [{ name: 'motor', level: 2, message: '', hardware_id: '', values: [] }];
    const sources = async (usePublisherAsSourceId: boolean) => {
      const publisher = publisherOf('/diagnostics', { gid: 'known', node: '/motor_driver' });
      const diagnostics = { ...ALL.diagnostics, usePublisherAsSourceId };
      const { ros, reports } = await bridged({ diagnostics }, [publisher]);
      for (const gid of ['known', 'unknown']) ros.deliver('/diagnostics', { status }, { gid });
      return reports.map(({ source }) => source);
    };
    assert.deepEqual(await sources(false), ['/diagnostic_bridge', '/diagnostic_bridge']);
    assert.deepEqual(await sources(true), ['/motor_driver', '/diagnostic_bridge']);
  });

  it('is off where it is not wanted', async () => {
    const { ros } = await bridged({});
    assert.equal(ros.subscriptions.length, 0);
  });
});

describe('the bridge from logs', () => {
  it('O07: tells an error once in a while, by kind and severity, and a warning when it repeats', async () => {
    const { bridges, reports, clock } = await bridged();
    const logged = (level: number, msg: string) => bridges.logged({ level, name: 'ctrl', msg });
    const severities = () => reports.splice(0).map(({ severity }) => severity);
    logged(40, 'oops 1');
    logged(40, 'oops 2');
    logged(50, 'oops 3');
    logged(40, 'another');
    assert.deepEqual(severities(), [2, 3, 2]);
    clock.advance(5000);
    logged(40, 'oops 4');
    assert.deepEqual(severities(), [2]);
    for (let n = 0; n < 4; n++) logged(30, `careful ${n}`);
    assert.deepEqual(severities(), [1, 1]);
  });
});

describe('a cooldown', () => {
  it('lets all through where it has no length, and holds no more keys than it may', () => {
    const none = new Cooldown(0);
    assert.ok(none.begin('a', 0) && none.begin('a', 0));
    const some = new Cooldown(1000);
    assert.ok(some.begin('first', 0) && !some.begin('first', 999));
    for (let n = 0; n < 4096; n++) some.begin(`k${n}`, 1);
    assert.ok(some.begin('first', 2));
  });
});
