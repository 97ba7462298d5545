import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_AUTO_ALARMS } from './auto-alarms.ts';
import { DEFAULT_AUTO_BROWSE } from './auto-browse.ts';
import { readAutoAlarms, readAutoBrowse } from './read-auto-options.ts';
import { readNodeMap } from './read-node-map.ts';

describe('auto_browse', () => {
  it('is a switch, in a file and as a text', () => {
    for (const on of [true, 'true', 'yes', 'True']) assert.deepEqual(readAutoBrowse(on).value, DEFAULT_AUTO_BROWSE);
    for (const off of [false, 'false', 'no', undefined, null, '']) {
      assert.deepEqual(readAutoBrowse(off), { value: undefined, warnings: [] });
    }
    assert.deepEqual(readNodeMap('auto_browse: true', { file: 'f' }).map.autoBrowse, DEFAULT_AUTO_BROWSE);
  });

  it('is off if it is neither a switch nor a section', () => {
    for (const wrong of ['maybe', 3, [true]]) {
      const { value, warnings } = readAutoBrowse(wrong);
      assert.equal(value, undefined);
      assert.match(warnings[0] ?? '', /^auto_browse: .*expected true, false or a section/);
    }
  });

  it('makes nothing writable unless infer_writable says so', () => {
    assert.equal(readAutoBrowse(true).value?.inferWritable, false);
    assert.equal(readAutoBrowse({}).value?.inferWritable, false);
    assert.equal(readAutoBrowse({ infer_writable: 'perhaps' }).value?.inferWritable, false);
    assert.equal(readAutoBrowse({ infer_writable: true }).value?.inferWritable, true);
  });

  it('is a section of which each key has a default', () => {
    const section = {
      root_nodes: ['ns=2;s=Machine', 'ns=0;i=85'],
      max_depth: '3',
      max_nodes: 10,
      namespace_allow: [2, '3', 70_000],
      namespace_deny: '0, 1',
      read_initial_values: 'false',
    };
    const { value, warnings } = readAutoBrowse(section);
    assert.deepEqual(value, {
      rootNodes: ['ns=2;s=Machine', 'i=85'],
      maxDepth: 3,
      maxNodes: 10,
      namespaceAllow: [2, 3],
      namespaceDeny: [0, 1],
      readInitialValues: false,
      inferWritable: false,
    });
    assert.equal(warnings.length, 1);
    assert.equal(readAutoBrowse({ enabled: false }).value, undefined);
    assert.deepEqual(readAutoBrowse({ max_depth: 2 }).value, { ...DEFAULT_AUTO_BROWSE, maxDepth: 2 });
  });

  it('keeps its limits: 1 to 64 levels, 1 to 200,000 nodes', () => {
    for (const section of [
      { max_depth: 0, max_nodes: 0 },
      { max_depth: 65, max_nodes: 200_001 },
      { max_depth: 1.5, max_nodes: 'many' },
    ]) {
      const { value, warnings } = readAutoBrowse(section);
      assert.deepEqual([value?.maxDepth, value?.maxNodes, warnings.length], [8, 5000, 2]);
      assert.match(warnings[0] ?? '', /^auto_browse\.max_depth: .*from 1 to 64/);
    }
    const { value } = readAutoBrowse({ max_depth: 64, max_nodes: 200_000 });
    assert.deepEqual([value?.maxDepth, value?.maxNodes], [64, 200_000]);
  });

  it('browses nothing rather than everything if no root can be used', () => {
    const { value, warnings } = readAutoBrowse({ root_nodes: ['Machine'] });
    assert.equal(value, undefined);
    assert.equal(warnings.length, 2);
  });

  it('of the plugin overrides the node map, key by key', () => {
    const ofMap = { ...DEFAULT_AUTO_BROWSE, maxDepth: 2, maxNodes: 7 };
    assert.deepEqual(readAutoBrowse({ max_nodes: 9 }, ofMap).value, { ...ofMap, maxNodes: 9 });
    assert.deepEqual(readAutoBrowse(true, ofMap).value, ofMap);
  });

  it('warns of unknown keys', () => {
    assert.match(readAutoBrowse({ max_dept: 3 }).warnings[0] ?? '', /max_dept\. Did you mean max_depth\?/);
    const deep = { a: { a: { a: { a: { a: { a: { a: { a: { a: 1 } } } } } } } } };
    assert.equal(readAutoBrowse(deep).warnings.length, 1);
  });
});

describe('auto_alarms', () => {
  it('is a switch, and off by default', () => {
    assert.deepEqual(readAutoAlarms(true).value, DEFAULT_AUTO_ALARMS);
    assert.equal(readAutoAlarms(undefined).value, undefined);
    assert.equal(readAutoAlarms('no').value, undefined);
    assert.equal(readNodeMap('nodes: []\nauto_alarms: false', { file: 'f' }).map.autoAlarms, undefined);
  });

  it('has a default for each key of its section', () => {
    const { map, warnings } = readNodeMap(
      `auto_alarms:
  source_node_id: "ns=0;i=2253"
  entity_id: line_alarms
  auto_clear: false
  severity_bands: {critical: 900, error: 600, warning: 300}
  include: [Tank]
  exclude: ["CPU not in RUN", ""]
`,
      { file: 'f' },
    );
    assert.deepEqual(warnings, []);
    assert.deepEqual(map.autoAlarms, {
      source: 'i=2253',
      entityId: 'line_alarms',
      autoClear: false,
      bands: { critical: 900, error: 600, warning: 300 },
      include: ['Tank'],
      exclude: ['CPU not in RUN'],
    });
    assert.deepEqual(readAutoAlarms({ source_node_id: '', entity_id: '' }).value, DEFAULT_AUTO_ALARMS);
  });

  it('has its default bands if those given are out of range, or out of order', () => {
    const bandsOf = (bands: unknown) => readAutoAlarms({ severity_bands: bands }).value?.bands;
    assert.deepEqual(bandsOf({ critical: 100, error: 500, warning: 200 }), DEFAULT_AUTO_ALARMS.bands);
    assert.deepEqual(bandsOf({ critical: 1001, warning: -1 }), DEFAULT_AUTO_ALARMS.bands);
    assert.deepEqual(bandsOf({ warning: 0 }), { ...DEFAULT_AUTO_ALARMS.bands, warning: 0 });
    assert.deepEqual(bandsOf(3), DEFAULT_AUTO_ALARMS.bands);
  });

  it('is off if its source is no node', () => {
    const { value, warnings } = readAutoAlarms({ source_node_id: 'Server' });
    assert.equal(value, undefined);
    assert.equal(warnings.length, 2);
  });
});
