import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NodeMapRefused } from './node-map-refused.ts';
import { readNodeMap } from './read-node-map.ts';

const read = (text: string) => readNodeMap(text, { file: 'tank.yaml' });

function refusalOf(text: string): readonly string[] {
  try {
    read(text);
  } catch (error) {
    if (error instanceof NodeMapRefused) return error.lines;
    throw error;
  }
  return [];
}

/** Returns a map of nodes of one entity; each argument is the rest of an entry, in one line. */
const ofNodes = (...entries: readonly string[]) =>
  `nodes:\n${entries.map((rest, at) => `  - {node_id: "ns=2;i=${at}", entity_id: tank, data_name: d${at}, ${rest}}`).join('\n')}\n`;

describe('a node map', () => {
  it('is read unchanged from the files of ros2_medkit', () => {
    const { map, warnings } = read(`
area_id: plc_systems
area_name: PLC Systems
component_id: openplc_runtime
component_name: OpenPLC Runtime
auto_browse: false
nodes:
  - node_id: "ns=2;i=1"
    entity_id: tank_process
    data_name: tank_level
    display_name: Tank Level
    unit: mm
    data_type: float
    writable: true
    min_value: 0.0
    max_value: 100.0
    ros2_topic: /custom/level
    alarm:
      fault_code: PLC_LOW_LEVEL
      severity: WARNING
      message: Tank level below minimum
      threshold: 100.0
      above_threshold: false
  - {node_id: 'ns=3;s="Tank_DB"."level; mm"', entity_id: tank_process, data_name: raw}
`);
    assert.deepEqual(warnings, []);
    assert.equal(map.areaId, 'plc_systems');
    assert.equal(map.componentId, 'openplc_runtime');
    assert.equal(map.componentName, 'OpenPLC Runtime');
    assert.equal(map.autoBrowse, undefined);
    assert.equal(map.autoAlarms, undefined);
    assert.deepEqual(map.methods, []);
    assert.deepEqual(map.nodes, [
      {
        nodeId: 'ns=2;i=1',
        entityId: 'tank_process',
        dataName: 'tank_level',
        displayName: 'Tank Level',
        unit: 'mm',
        type: 'float',
        writable: true,
        min: 0,
        max: 100,
        rosTopic: '/custom/level',
        faultRule: {
          kind: 'threshold',
          fault: { code: 'PLC_LOW_LEVEL', severity: 1, message: 'Tank level below minimum' },
          threshold: 100,
          above: false,
        },
      },
      {
        nodeId: 'ns=3;s="Tank_DB"."level; mm"',
        entityId: 'tank_process',
        dataName: 'raw',
        displayName: 'raw',
        type: 'float',
        writable: false,
        rosTopic: '/plc/tank_process/raw',
      },
    ]);
  });

  it('has the default area, and no component, if it names none', () => {
    const { map } = read('nodes: []');
    assert.deepEqual([map.areaId, map.areaName, map.componentId], ['plc_systems', 'PLC Systems', undefined]);
  });

  it('has node ids in one form: without namespace 0, and GUIDs without braces', () => {
    const text = ['ns=0;i=2258', 'g={09087E75-8e5e-499e-954f-f2a9603db28a}', 'ns=2;b=M/RbKBsRVkePCePcx24oRA==']
      .map((id, at) => `  - {node_id: "${id}", entity_id: e, data_name: d${at}}`)
      .join('\n');
    assert.deepEqual(
      read(`nodes:\n${text}`).map.nodes.map(({ nodeId }) => nodeId),
      ['i=2258', 'g=09087e75-8e5e-499e-954f-f2a9603db28a', 'ns=2;b=M/RbKBsRVkePCePcx24oRA=='],
    );
  });

  it('reads an unknown data_type as float', () => {
    const { map, warnings } = read(ofNodes('data_type: decimal', 'data_type: bool'));
    assert.deepEqual(
      map.nodes.map(({ type }) => type),
      ['float', 'bool'],
    );
    assert.deepEqual(warnings, [
      'tank.yaml:2: nodes[0]: data_type: expected one of float, int, bool, string, found "decimal"',
    ]);
  });

  it('skips entries without a node id, with a malformed one, and all but the first of one node or name', () => {
    const { map, warnings } = read(`nodes:
  - {entity_id: e, data_name: a}
  - {node_id: "ns=2", entity_id: e, data_name: b}
  - {node_id: "ns=abc;i=1", entity_id: e, data_name: b}
  - {node_id: "ns=2;i=1", entity_id: e, data_name: first}
  - {node_id: "ns=2;i=1", entity_id: e, data_name: second}
  - {node_id: "ns=2;i=2", entity_id: e, data_name: first}
  - {node_id: [1], entity_id: e, data_name: c}
  - nothing
`);
    assert.deepEqual(
      map.nodes.map(({ dataName }) => dataName),
      ['first'],
    );
    for (const line of [2, 3, 4, 6, 7, 8, 9]) {
      assert.ok(
        warnings.some((warning) => warning.startsWith(`tank.yaml:${line}: `)),
        `a warning for line ${line}`,
      );
    }
  });

  it('takes merge keys, and booleans and numbers of YAML 1.1', () => {
    const { map, warnings } =
      read(`x-node: &node {entity_id: tank, data_type: int, writable: On, min_value: 0, max_value: 0o17}
nodes:
  - {<<: *node, node_id: "ns=2;i=1", data_name: level}
`);
    assert.deepEqual(warnings, []);
    const [node] = map.nodes;
    assert.deepEqual([node?.writable, node?.max], [true, 15]);
  });

  it('names unknown keys, with the most similar known key', () => {
    const { warnings } = read(`component: x\n${ofNodes('displayname: x', 'alarm: {fault_code: A, severty: ERROR}')}`);
    assert.deepEqual(warnings, [
      'tank.yaml:3: nodes[0]: unknown key displayname. Did you mean display_name?',
      'tank.yaml:4: nodes[1].alarm: unknown key severty. Did you mean severity?',
      'tank.yaml:1: unknown key component. Did you mean component_id?',
    ]);
  });

  it('makes entity ids that the tree accepts', () => {
    const { map, warnings } = read('nodes: [{node_id: "ns=2;i=1", entity_id: tank 1, data_name: level}]');
    assert.equal(map.nodes[0]?.entityId, 'tank_1');
    assert.match(warnings[0] ?? '', /tank\.yaml:1: nodes\[0\]: entity_id: .* the gateway uses tank_1/);
  });

  it('makes a value read-only if its limits cannot be read', () => {
    const { map } = read(
      ofNodes(
        'writable: true, min_value: low',
        'writable: true, min_value: 5, max_value: 1',
        'writable: maybe',
        'writable: yes, max_value: 5',
        'writable: true',
      ),
    );
    assert.deepEqual(
      map.nodes.map(({ writable }) => writable),
      [false, false, false, true, true],
    );
  });

  it('makes a topic of the names if ros2_topic is invalid', () => {
    const { map, warnings } = read(
      ofNodes('ros2_topic: no/slash', 'ros2_topic: /bad topic', 'ros2_topic: /a//b', 'ros2_topic: /x'),
    );
    assert.deepEqual(
      map.nodes.map(({ rosTopic }) => rosTopic),
      ['/plc/tank/d0', '/plc/tank/d1', '/plc/tank/d2', '/x'],
    );
    assert.equal(warnings.length, 3);
  });

  it('lists the methods that can be called', () => {
    const { map, warnings } = read(`methods:
  - {object_id: "ns=2;s=Tank", method_id: "ns=2;s=Tank.Drain", entity_id: tank, name: drain}
  - {object_id: "ns=2;s=Tank", method_id: "ns=2;s=Tank.Drain", entity_id: tank}
  - {object_id: "ns=2;s=Tank", method_id: "ns=2;s=Tank.Fill", entity_id: tank}
  - {method_id: "ns=2;s=Tank.Fill", entity_id: tank}
`);
    assert.deepEqual(map.methods, [
      { objectId: 'ns=2;s=Tank', methodId: 'ns=2;s=Tank.Drain', entityId: 'tank', name: 'drain' },
      { objectId: 'ns=2;s=Tank', methodId: 'ns=2;s=Tank.Fill', entityId: 'tank' },
    ]);
    assert.equal(warnings.length, 2);
  });

  it('reports each warning as it is found, a hundred at most', () => {
    const logged: string[] = [];
    const { warnings } = readNodeMap(`nodes: [${'1, '.repeat(300)}]`, { file: 'f', warn: (line) => logged.push(line) });
    assert.equal(logged.length, 100);
    assert.equal(warnings.at(-1), 'and 201 more');
  });

  it('warns if it maps nothing', () => {
    assert.match(read('area_id: a').warnings[0] ?? '', /the node map is empty/);
    assert.deepEqual(read('auto_browse: true').warnings, []);
    assert.deepEqual(read('auto_alarms: true').warnings, []);
  });
});

describe('the check of a node map as a whole', () => {
  it('refuses a text that is no YAML, or no section', () => {
    assert.match(refusalOf('nodes: [')[0] ?? '', /^tank\.yaml:1: /);
    assert.match(refusalOf('- 1')[0] ?? '', /expected a section/);
    assert.match(refusalOf('')[0] ?? '', /expected a section/);
  });

  it('refuses a text that is too large', () => {
    assert.match(refusalOf(`#${'x'.repeat(1_100_000)}`)[0] ?? '', /characters/);
    assert.match(refusalOf(`nodes: [${'1,'.repeat(10_001)}]`)[0] ?? '', /at most 10000 entries, found 10001/);
  });

  it('refuses nodes and event_alarms that are no list', () => {
    assert.match(refusalOf('nodes: {a: 1}')[0] ?? '', /^tank\.yaml:1: nodes: expected a list/);
    assert.match(refusalOf('event_alarms: none')[0] ?? '', /^tank\.yaml:1: event_alarms: expected a list/);
  });

  it('refuses two ways to detect faults on one node', () => {
    const [line] = refusalOf(ofNodes('alarm: {fault_code: A}, status_bits: [{bit: 1, fault_code: B}]'));
    assert.equal(line, 'tank.yaml:2: one node has alarm and status_bits, expected at most one of them');
  });

  it('refuses a source of alarms among the nodes, where it would never be subscribed', () => {
    assert.match(refusalOf(ofNodes('alarm_source: "i=2253"'))[0] ?? '', /^tank\.yaml:2: alarm_source .* event_alarms/);
  });

  it('refuses a fault code that occurs twice, whatever the sources and the entities are', () => {
    const bit = (code: string) => `status_bits: [{bit: 1, fault_code: ${code}}]`;
    const entry = (rest: string) => `event_alarms: [{alarm_source: i=2253, entity_id: line, ${rest}}]\n`;
    const twice = [
      ofNodes('alarm: {fault_code: A}', 'alarm: {fault_code: A}'),
      ofNodes('alarm: {fault_code: A}', bit('A')),
      ofNodes(bit('A'), 'fault_enum: {codes: [{code: 1, fault_code: A}]}'),
      ofNodes('fault_enum: {codes: [{code: 1, fault_code: A}, {code: 2, fault_code: A}]}'),
      ofNodes('fault_enum: {unknown_fault_code: A, codes: [{code: 1, fault_code: A}]}'),
      ofNodes('fault_enum: {codes: [{code: 1, fault_code: TANK_D0_UNMAPPED}]}'),
      ofNodes('alarm: {fault_code: A}') + entry('fault_code: A'),
      ofNodes('alarm: {fault_code: A}') + entry('mappings: [{fault_code: A}]'),
      entry('fault_code: A, mappings: [{fault_code: A}]'),
      entry('mappings: [{condition_name: x, fault_code: A}, {condition_name: y, fault_code: A}]'),
    ];
    for (const text of twice) assert.match(refusalOf(text)[0] ?? '', /^tank\.yaml:\d+: the fault code .* unique/, text);
    const [line] = refusalOf(ofNodes('alarm: {fault_code: A}', 'alarm: {fault_code: A}'));
    assert.equal(
      line,
      'tank.yaml:2: the fault code A is raised by 2 sources (also at tank.yaml:3), but must be unique',
    );
  });

  it('accepts different fault codes across all ways to detect faults', () => {
    const text = ofNodes(
      'alarm: {fault_code: A}',
      'status_bits: [{bit: 1, fault_code: B}, {bit: 2, fault_code: C}]',
      'fault_enum: {codes: [{code: 1, fault_code: D}]}',
    );
    assert.deepEqual(refusalOf(`${text}event_alarms: [{alarm_source: i=2253, entity_id: e, fault_code: E}]`), []);
  });

  it('names all problems, twenty lines at most', () => {
    const both = 'alarm: {fault_code: A}, fault_enum: {codes: []}';
    assert.equal(refusalOf(ofNodes(...Array(30).fill(both))).length, 21);
  });
});
