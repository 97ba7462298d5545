import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readNodeMap } from './read-node-map.ts';

function alarmsOf(...entries: readonly string[]) {
  const text = `event_alarms:\n${entries.map((entry) => `  - {${entry}}`).join('\n')}\n`;
  const { map, warnings } = readNodeMap(text, { file: 'f' });
  return { alarms: map.eventAlarms, warnings };
}

const SOURCE = 'alarm_source: "ns=0;i=2253", entity_id: line';

describe('sources of alarms in a node map', () => {
  it('have mappings and associated values', () => {
    const { alarms, warnings } = alarmsOf(
      `${SOURCE}, fault_code: GENERIC, severity_override: WARNING, message: Some alarm,
      mappings: [{condition_name: Overpressure, fault_code: A, severity: ERROR, message: Tank},
      {source_node: "ns=3;s=PumpA", event_type: "ns=0;i=2915", fault_code: B}, {match_message: Overtemp, fault_code: C}],
      associated_values: [SD_1, {name: SD_2, label: Setpoint, namespace_index: 3}, {label: none}]`,
    );
    assert.deepEqual(alarms, [
      {
        source: 'i=2253',
        entityId: 'line',
        code: 'GENERIC',
        severity: 1,
        message: 'Some alarm',
        mappings: [
          { conditionName: 'Overpressure', code: 'A', severity: 2, message: 'Tank' },
          { sourceNode: 'ns=3;s=PumpA', eventType: 'i=2915', code: 'B' },
          { messagePart: 'Overtemp', code: 'C' },
        ],
        associatedValues: [
          { field: 'SD_1', label: 'SD_1' },
          { field: '3:SD_2', label: 'Setpoint' },
        ],
      },
    ]);
    assert.equal(warnings.length, 1);
  });

  it('need no fault_code if they have mappings', () => {
    assert.equal(alarmsOf(`${SOURCE}, mappings: [{fault_code: A}]`).alarms[0]?.code, undefined);
  });

  it('accept severity for severity_override, which wins if both are given', () => {
    const severities = [
      `${SOURCE}, fault_code: A, severity: INFO`,
      `${SOURCE}, fault_code: B, severity: INFO, severity_override: CRITICAL`,
      `${SOURCE}, fault_code: C, severity: INFO, severity_override: ~`,
      `${SOURCE}, fault_code: D, severity: SEVERE`,
      `${SOURCE}, fault_code: E`,
    ].map((entry) => alarmsOf(entry).alarms[0]?.severity);
    assert.deepEqual(severities, [0, 3, 0, 2, undefined]);
  });

  it('are skipped without a source, an entity, or a fault', () => {
    const { alarms, warnings } = alarmsOf(
      'entity_id: e, fault_code: A',
      'alarm_source: tank, entity_id: e, fault_code: A',
      'alarm_source: i=2253, fault_code: A',
      'alarm_source: i=2253, entity_id: e',
      'alarm_source: i=2253, entity_id: e, fault_code: [A]',
      'alarm_source: i=2253, entity_id: e, fault_code: [A], mappings: [{fault_code: B}]',
      'alarm_source: i=2253, entity_id: e, fault_code: Z',
    );
    assert.deepEqual(
      alarms.map(({ code }) => code),
      ['Z'],
    );
    for (const line of [2, 3, 4, 5, 6, 7]) assert.ok(warnings.some((each) => each.startsWith(`f:${line}: `)));
  });

  it('are skipped for an unknown key, rather than take all alarms of their source', () => {
    const { alarms, warnings } = alarmsOf(
      `${SOURCE}, fault_code: A, condition_name: Overpressure`,
      `${SOURCE}, fault_code: B, description: All alarms of the tank`,
      `${SOURCE}, fault_code: C, mappings: [{condition: x, fault_code: D}, {condition_name: y, note: seldom, fault_code: E}]`,
    );
    assert.deepEqual(
      alarms.map(({ code, mappings }) => [code, ...mappings.map((mapping) => mapping.code)]),
      [['B'], ['C', 'E']],
    );
    assert.ok(
      warnings.some((each) => /f:2: .*skipped, because condition_name may select/.test(each)),
      warnings.join(),
    );
  });

  it('lose an invalid mapping, rather than match more alarms than intended', () => {
    const { alarms } = alarmsOf(
      `${SOURCE}, fault_code: Z, mappings: [{condition_name: x}, {source_node: pump, fault_code: A},
      {event_type: [1], fault_code: B}, {condition_name: [x], fault_code: C}, {source_node: "", condition_name: y, fault_code: D}]`,
    );
    assert.deepEqual(alarms[0]?.mappings, [{ conditionName: 'y', code: 'D' }]);
  });
});
