import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codesOf, duplicateCodes, isFaultCode, unmappedCode } from './fault-codes.ts';
import { readNodeMap } from './read-node-map.ts';

const mapOf = (...codes: readonly string[]) =>
  readNodeMap(
    `nodes:\n${codes.map((code, at) => `  - {node_id: "ns=2;i=${at}", entity_id: e, data_name: d${at}, alarm: {fault_code: ${code}}}`).join('\n')}`,
    { file: 'f' },
  ).map;

describe('fault codes of several node maps', () => {
  it('are all codes that their rules and alarms can raise', () => {
    const { map } = readNodeMap(
      `nodes:
  - {node_id: i=1, entity_id: e, data_name: a, status_bits: [{bit: 1, fault_code: A}, {bit: 2, fault_code: B}]}
  - {node_id: i=2, entity_id: e, data_name: b, fault_enum: {codes: [{code: 1, fault_code: C}]}}
event_alarms: [{alarm_source: i=2253, entity_id: e, fault_code: D, mappings: [{condition_name: x, fault_code: E}]}]`,
      { file: 'f' },
    );
    assert.deepEqual(codesOf(map), ['A', 'B', 'C', 'E_B_UNMAPPED', 'D', 'E']);
  });

  it('have to be unique across all sources', () => {
    const maps = [
      { name: 'press', map: mapOf('A', 'B') },
      { name: 'oven', map: mapOf('C', 'B') },
    ];
    assert.deepEqual(duplicateCodes(maps.slice(0, 1)), []);
    assert.deepEqual(duplicateCodes(maps), [
      'fault code B is used by press: node ns=2;i=1 of e and by oven: node ns=2;i=1 of e, but must be unique',
    ]);
    assert.match(duplicateCodes(maps.slice(0, 1), ['A'])[0] ?? '', /A is used by the gateway itself and by press/);
  });

  it('that are not unique are named, twenty at most', () => {
    const codes = Array.from({ length: 30 }, (_, at) => `C${at}`);
    const lines = duplicateCodes([
      { name: 'a', map: mapOf(...codes) },
      { name: 'b', map: mapOf(...codes) },
    ]);
    assert.deepEqual([lines.length, lines.at(-1)], [21, 'and 10 more codes']);
  });
});

describe('a fault code', () => {
  it('has letters, digits, _, - and dots, and refers to no parent folder', () => {
    for (const code of ['A', 'plc.tank-1_x']) assert.ok(isFaultCode(code), code);
    for (const text of ['', 'A B', '../A', 'a..b', 'Ü', 'A/B', 'A'.repeat(129)]) assert.ok(!isFaultCode(text), text);
  });

  it('of an unmapped number is made of the names, and never too long', () => {
    assert.equal(unmappedCode('vfd', 'fault code'), 'VFD_FAULT_CODE_UNMAPPED');
    const long = unmappedCode('e'.repeat(256), 'd');
    assert.ok(isFaultCode(long) && long.endsWith('_UNMAPPED'));
    assert.notEqual(long, unmappedCode('e'.repeat(256), 'f'));
  });
});
