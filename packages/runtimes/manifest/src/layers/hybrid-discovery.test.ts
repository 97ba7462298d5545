import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Contribution } from '@medkit/core';
import { app, entityLists } from '@medkit/core/testing';
import { DEFAULT_MANIFEST_CONFIG, type Manifest, type UnmanifestedPolicy } from '../document/manifest.ts';
import { type Arranged, arrangeHybrid } from './hybrid.ts';
import { hybridDiscovery } from './hybrid-discovery.ts';
import { manifestContribution } from './manifest-contribution.ts';

const gapFill = { apps: true, functions: false, whitelist: [], blacklist: [] };
const settings = { manifestLayer: true, runtimeLayer: true, manifestPolicies: {}, runtimePolicies: {}, gapFill };

function graph(...fqns: readonly string[]): Contribution {
  const nodes = fqns.map((fqn) => ({ name: fqn, channels: [], internal: false }));
  return {
    runtime: 'ros2',
    priority: 10,
    nodes,
    ...entityLists({ apps: fqns.map((fqn) => app(fqn.slice(1), { node: fqn })) }),
  };
}

function setUp(unmanifestedNodes: UnmanifestedPolicy = 'warn') {
  let manifest: Manifest | undefined = {
    metadata: {},
    config: { ...DEFAULT_MANIFEST_CONFIG, unmanifestedNodes },
    entities: entityLists({ apps: [app('a', { online: false, binding: { nodeName: 'a', namespace: '*' } })] }),
    scripts: [],
    channels: new Map(),
  };
  const lines: string[] = [];
  const discovery = hybridDiscovery({
    manifest: () => manifest,
    settings,
    log: (level, text) => lines.push(`${level} ${text}`),
  });
  return {
    discovery,
    lines,
    see: (...fqns: readonly string[]) => discovery.arrange([manifestContribution(manifest), graph(...fqns)]),
    lose: () => {
      manifest = undefined;
    },
  };
}

const about = (lines: readonly string[], what: RegExp) => lines.filter((line) => what.test(line));

describe('policies for nodes without an app', () => {
  it('warn: one line for each node, once while it runs', () => {
    const { see, lines, discovery } = setUp('warn');
    see('/a', '/x', '/y');
    see('/a', '/x', '/y');
    assert.deepEqual(about(lines, /is not declared/), [
      'warn Node /x is not declared in the manifest',
      'warn Node /y is not declared in the manifest',
    ]);
    see('/a', '/y');
    see('/a', '/x', '/y');
    assert.equal(about(lines, /is not declared/).length, 3);
    assert.deepEqual(discovery.warnings(), []);
  });

  it('error: one line with their number, and a warning of health that names all of them, as soon as they run', () => {
    const { see, lines, discovery } = setUp('error');
    see('/a');
    assert.deepEqual(discovery.warnings(), []);
    see('/a', '/x', '/y');
    assert.deepEqual(about(lines, /^error/), ['error 2 nodes are not declared in the manifest']);
    const [warning] = discovery.warnings();
    assert.deepEqual(
      [warning?.code, warning?.nodes, warning?.entityIds],
      ['unmanifested_nodes', ['/x', '/y'], undefined],
    );
    assert.equal(warning?.nodes?.length, discovery.linking?.orphans.length);
  });

  it('include_as_orphan: one line of information; ignore: none', () => {
    const orphans = setUp('include_as_orphan');
    orphans.see('/x', '/y');
    assert.deepEqual(about(orphans.lines, /not declared/), ['info 2 nodes are not declared in the manifest']);
    const ignored = setUp('ignore');
    ignored.see('/x', '/y');
    assert.deepEqual(about(ignored.lines, /not declared/), []);
  });
});

describe('hybrid discovery', () => {
  it('shows the graph unchanged while there is no manifest', () => {
    const { see, lose, discovery } = setUp();
    lose();
    assert.equal(see('/a')[1]?.policies, undefined);
    assert.equal(discovery.linking, undefined);
  });

  it('logs nothing about apps that appear and disappear', () => {
    const { see, lines } = setUp('ignore');
    see();
    for (const nodes of [['/a'], ['/a'], [], ['/a']]) see(...nodes);
    assert.deepEqual(lines, []);
  });

  it('logs a doubtful link once', () => {
    const { see, lines } = setUp('ignore');
    see('/x/a', '/y/a');
    see('/x/a', '/y/a', '/z');
    assert.deepEqual(about(lines, /^warn/), [
      'warn Manifest: app a matches 2 nodes and is bound to /x/a: set its namespace',
    ]);
  });

  it('remembers which node an app was, so that it keeps its faults', () => {
    const { see } = setUp();
    see('/a');
    assert.equal(see()[1]?.apps[0]?.node, '/a');
  });
});

describe('apps of a manifest', () => {
  it('stay the same objects while unrelated nodes appear, even if other contributors send new lists without changes', () => {
    const manifest = manifestContribution({
      metadata: {},
      config: DEFAULT_MANIFEST_CONFIG,
      entities: entityLists({ apps: [app('arm', { binding: { nodeName: 'a', namespace: '*' } })] }),
      scripts: [],
      channels: new Map(),
    });
    const config = DEFAULT_MANIFEST_CONFIG;
    const [robot, late] = [graph('/a'), graph('/x')];
    const grown = { ...robot, nodes: [...robot.nodes!, ...late.nodes!], apps: [...robot.apps, ...late.apps] };
    const arranged = (contribution: Contribution, before?: Arranged) => {
      const silent: Contribution = { runtime: 'local', priority: 0, ...entityLists({}) };
      return arrangeHybrid({
        contributions: [manifest, contribution, silent],
        config,
        settings,
        ...(before && { before }),
      });
    };
    const first = arranged(robot);
    const second = arranged(grown, first);
    const armOf = ({ contributions }: Arranged) =>
      contributions.find(({ runtime }) => runtime === 'ros2')?.apps.find(({ id }) => id === 'arm');
    assert.equal(armOf(first)?.online, true);
    assert.equal(armOf(second), armOf(first));
    assert.equal(second.linking?.nodes, first.linking?.nodes);
    assert.deepEqual(
      second.linking?.orphans.map(({ name: fqn }) => fqn),
      ['/x'],
    );
  });
});
