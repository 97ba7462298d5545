import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findingsSummary } from '../document/finding.ts';
import { RULES } from '../document/rules.ts';
import { loadText, rulesOf, textOf } from '../testing/load-text.ts';

/** Each case begins on line 2; the last number is the line of the first error or warning of the rule. */
const CASES: readonly (readonly [rule: string, title: string, text: string, line: number])[] = [
  ['R002', 'two areas with one id', 'areas:\n  - id: a\n  - id: a', 4],
  ['R003', 'two components with one id', 'components:\n  - id: a\n  - id: a', 4],
  ['R003', 'a component and an asset with one id', 'components: [{id: a}]\nassets:\n  - id: a', 4],
  ['R004', 'two apps with one id', 'apps:\n  - id: a\n  - id: b\n  - id: a', 5],
  [
    'R005',
    'two functions with one id',
    'apps: [{id: x}]\nfunctions:\n  - {id: a, hosts: [x]}\n  - {id: a, hosts: [x]}',
    5,
  ],
  ['R006', 'an area in no area', 'areas:\n  - id: a\n    parent_area: hall', 4],
  ['R006', 'a component in no area', 'components:\n  - id: a\n    area: hall', 4],
  ['R006', 'a component in no component', 'components:\n  - id: a\n    parent_component_id: b', 4],
  ['R007', 'an app on no component', 'apps:\n  - id: a\n    is_located_on: ecu', 4],
  ['R008', 'an app that depends on nobody', 'apps:\n  - id: a\n    depends_on: [b]', 4],
  [
    'R008',
    'a function that depends on nobody',
    'apps: [{id: a}]\nfunctions:\n  - id: f\n    hosts: [a]\n    depends_on: [g]',
    6,
  ],
  ['R009', 'a function on nobody', 'functions:\n  - id: f\n    hosted_by: [a]', 4],
  ['R009', 'a function on an area', 'areas: [{id: hall}]\nfunctions:\n  - id: f\n    hosts: [hall]', 5],
  [
    'R010',
    'two apps of one node',
    'apps:\n  - {id: a, ros_binding: {node_name: n, namespace: /x}}\n  - {id: b, ros_binding: {node_name: n, namespace: /x}}',
    4,
  ],
  [
    'R010',
    'two apps of one namespace of topics',
    'apps:\n  - {id: a, ros_binding: {topic_namespace: /x}}\n  - {id: b, ros_binding: {topic_namespace: /x}}',
    4,
  ],
  ['R011', 'an app that depends on itself', 'apps:\n  - id: a\n    depends_on: [a]', 3],
  [
    'R011',
    'apps in a circle',
    'apps:\n  - {id: a, depends_on: [b]}\n  - {id: b, depends_on: [c]}\n  - {id: c, depends_on: [a]}',
    3,
  ],
  [
    'R011',
    'functions in a circle',
    'apps: [{id: x}]\nfunctions:\n  - {id: f, hosts: [x], depends_on: [g]}\n  - {id: g, hosts: [x], depends_on: [f]}',
    4,
  ],
  [
    'R012',
    'two scripts with one id',
    'scripts:\n  - {id: s, path: a, format: sh}\n  - {id: s, path: b, format: sh}',
    4,
  ],
  [
    'R013',
    'an external app with a binding',
    'apps:\n  - id: a\n    external: true\n    ros_binding: {node_name: a}',
    5,
  ],
  ['M002', 'an id with a space', 'apps:\n  - id: a b', 3],
  ['M002', 'no id at all', 'components:\n  - name: nameless', 3],
  ['M003', 'a component that depends on nobody', 'components:\n  - id: a\n    depends_on: [b]', 4],
  ['M004', 'areas contain each other', 'areas:\n  - {id: a, parent_area: b}\n  - {id: b, parent_area: a}', 3],
  [
    'M004',
    'components contain each other',
    'components:\n  - {id: a, parent_component_id: b}\n  - {id: b, parent_component_id: a}',
    3,
  ],
  ['M005', 'a function on nothing', 'functions:\n  - id: f', 3],
  ['M008', 'a lock on no collection', 'apps:\n  - id: a\n    lock:\n      required_scopes: [parameters]', 5],
  [
    'M008',
    'a lock that is needed and impossible',
    'apps:\n  - id: a\n    lock: {lockable: false, required_scopes: [data]}',
    4,
  ],
  [
    'M008',
    'a collection both closed and open',
    'apps:\n  - id: a\n    lock: {always_open: [data], required_scopes: [data]}',
    4,
  ],
];

describe('rules of a manifest', () => {
  for (const [rule, title, text, line] of CASES) {
    it(`${rule}: ${title}`, async () => {
      const loaded = await loadText({ manifest: text, strict: false });
      assert.deepEqual(
        rulesOf(loaded).filter((found) => !found.startsWith('M001')),
        [`${rule} /etc/robot.yaml:${line}`],
        textOf(loaded),
      );
      assert.equal(loaded.manifest === undefined, RULES[rule as keyof typeof RULES].level === 'error');
    });
  }

  it('R001: another version, a missing one, and a value that is not text', async () => {
    assert.deepEqual(rulesOf(await loadText('manifest_version: "2.0"')), ['R001 /etc/robot.yaml:1']);
    assert.deepEqual(rulesOf(await loadText('# manifest_version\nareas: []')), ['R001 /etc/robot.yaml:2']);
    assert.deepEqual(rulesOf(await loadText('manifest_version: 1.0')), []);
  });

  it('R010: bindings with a star, and that of an external app, may be the same', async () => {
    const same = (binding: string) =>
      loadText({ manifest: `apps: [{id: a, ${binding}}, {id: b, ${binding}}]`, strict: false });
    assert.deepEqual(rulesOf(await same('ros_binding: {node_name: n}')), []);
    assert.deepEqual(rulesOf(await same('external: true, ros_binding: {node_name: n, namespace: /x}'), false), [
      'R013',
      'R013',
    ]);
  });

  it('R011: one report is enough, also for long chains', async () => {
    const chain = Array.from({ length: 3000 }, (_, at) => `  - {id: a${at}, depends_on: [a${(at + 1) % 3000}]}`);
    assert.deepEqual(rulesOf(await loadText(`apps:\n${chain.join('\n')}`), false), ['R011']);
  });

  it('names the problem, its location and its extent', async () => {
    const loaded = await loadText('apps:\n  - id: a\n    is_located_on: ecu\n    depends_on: [b]');
    assert.equal(
      textOf(loaded),
      '[R007] ERROR: a: there is no component "ecu" (at /etc/robot.yaml:4)\n' +
        '[R008] WARNING: a: it depends on the app "b", which does not exist (at /etc/robot.yaml:5)',
    );
    assert.equal(findingsSummary(loaded.findings), '1 errors, 1 warnings');
  });

  it('refuse on warnings only if validation is strict', async () => {
    const text = 'apps: [{id: a, depends_on: [b]}]';
    assert.equal((await loadText({ manifest: text, strict: true })).manifest, undefined);
    assert.ok((await loadText({ manifest: text, strict: false })).manifest);
  });
});
