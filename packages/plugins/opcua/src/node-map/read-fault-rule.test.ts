import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readNodeMap } from './read-node-map.ts';

/** Returns the rule of a node with these keys, and the warnings. */
function ruleOf(keys: string) {
  const text = `nodes: [{node_id: "ns=2;i=1", entity_id: "pump-1", data_name: word.x, ${keys}}]`;
  const { map, warnings } = readNodeMap(text, { file: 'f' });
  assert.equal(map.nodes.length, 1, 'the data point itself stays');
  return { rule: map.nodes[0]?.faultRule, warnings };
}

const fault = (code: string, severity = 2, message = code) => ({ code, severity, message });

describe('an alarm of a node', () => {
  it('defaults to the severity ERROR and the threshold 0', () => {
    assert.deepEqual(ruleOf('alarm: {fault_code: HOT}').rule, {
      kind: 'threshold',
      fault: fault('HOT'),
      threshold: 0,
      above: true,
    });
  });

  it('is skipped with an invalid threshold, direction or code, and the node is not', () => {
    for (const alarm of [
      '{fault_code: HOT, threshold: 100 bar}',
      '{fault_code: HOT, threshold: .nan}',
      '{fault_code: HOT, threshold: [1]}',
      '{fault_code: HOT, above_threshold: up}',
      '{threshold: 3}',
      '{fault_code: [a, b]}',
      '{fault_code: "too hot"}',
      '{fault_code: a..b}',
      `{fault_code: ${'A'.repeat(129)}}`,
      '3',
    ]) {
      const { rule, warnings } = ruleOf(`alarm: ${alarm}`);
      assert.equal(rule, undefined, alarm);
      assert.ok(warnings.length > 0, alarm);
    }
  });

  it('has the severity ERROR if its severity is unknown', () => {
    const { rule, warnings } = ruleOf('alarm: {fault_code: HOT, severity: SEVERE}');
    assert.deepEqual(rule?.kind === 'threshold' && rule.fault, fault('HOT', 2));
    assert.match(warnings[0] ?? '', /^f:1: nodes\[0\]\.alarm: severity: expected one of INFO.*"SEVERE"/);
    const severities = ['INFO', 'WARNING', 'ERROR', 'CRITICAL'].map((severity) => {
      const named = ruleOf(`alarm: {fault_code: HOT, severity: ${severity}}`).rule;
      return named?.kind === 'threshold' && named.fault.severity;
    });
    assert.deepEqual(severities, [0, 1, 2, 3]);
  });
});

describe('status bits of a node', () => {
  it('are those of a word of 64 bits unless it has a width', () => {
    const { rule, warnings } = ruleOf(
      'status_bits: [{bit: 63, fault_code: A, severity: WARNING, message: Filter}, {bit: 0, fault_code: B}]',
    );
    const bits = [
      { bit: 63, fault: fault('A', 1, 'Filter') },
      { bit: 0, fault: fault('B') },
    ];
    assert.deepEqual([rule, warnings], [{ kind: 'status-word', bits, width: 64 }, []]);
  });

  it('are skipped one by one: of a wrong type, without a code, at or above 64, at or above the width', () => {
    const { rule, warnings } = ruleOf(
      `status_word_width: 16, status_bits: [{bit: three, fault_code: A}, {bit: -1, fault_code: B}, {bit: 16, fault_code: C},
      {bit: 3}, {fault_code: D}, 7, {bit: 2.5, fault_code: E}, {bit: 15, fault_code: F}]`,
    );
    assert.deepEqual(rule, { kind: 'status-word', bits: [{ bit: 15, fault: fault('F') }], width: 16 });
    assert.equal(warnings.length, 7);
    assert.equal(ruleOf('status_bits: [{bit: 64, fault_code: A}]').rule, undefined);
  });

  it('have 64 bits if the width is not within 1 to 64', () => {
    for (const width of ['0', '65', 'wide']) {
      const { rule, warnings } = ruleOf(`status_word_width: ${width}, status_bits: [{bit: 40, fault_code: A}]`);
      assert.equal(rule?.kind === 'status-word' && rule.width, 64);
      assert.equal(warnings.length, 1);
    }
  });

  it('detect nothing if the list is empty, with a warning', () => {
    for (const list of ['[]', '3']) {
      const { rule, warnings } = ruleOf(`status_bits: ${list}`);
      assert.equal(rule, undefined);
      assert.match(warnings.join(), /no fault of this node is detected/);
    }
  });
});

describe('an enumeration of faults', () => {
  it('has a code for numbers that it does not map', () => {
    assert.deepEqual(ruleOf('fault_enum: {codes: [{code: 10, fault_code: OVERVOLTAGE, severity: CRITICAL}]}').rule, {
      kind: 'enumeration',
      okValue: 0n,
      codes: [{ value: 10n, fault: fault('OVERVOLTAGE', 3) }],
      unmapped: { code: 'PUMP_1_WORD_X_UNMAPPED', severity: 2, message: undefined },
    });
  });

  it('has the configured code, severity and message for unmapped numbers', () => {
    const { rule } = ruleOf(
      `fault_enum: {ok_value: 18446744073709551615, unknown_fault_code: VFD_X, unknown_severity: INFO,
      unknown_message: Look it up, codes: [{code: -0, fault_code: A}, {code: 0x1F, fault_code: B}]}`,
    );
    assert.ok(rule?.kind === 'enumeration');
    assert.equal(rule.okValue, 18_446_744_073_709_551_615n);
    assert.deepEqual(rule.unmapped, { code: 'VFD_X', severity: 0, message: 'Look it up' });
    assert.deepEqual(
      rule.codes.map(({ value }) => value),
      [0n, 31n],
    );
  });

  it('skips codes of a wrong type, and those without a fault code', () => {
    const { rule, warnings } = ruleOf(
      'fault_enum: {codes: [{code: x, fault_code: A}, {code: 1}, {fault_code: B}, {code: 2, fault_code: C}]}',
    );
    assert.ok(rule?.kind === 'enumeration');
    assert.deepEqual(
      rule.codes.map(({ value }) => value),
      [2n],
    );
    assert.equal(warnings.length, 3);
  });

  it('detects nothing without codes, or with an ok_value that is no number', () => {
    assert.equal(ruleOf('fault_enum: {}').rule, undefined);
    assert.equal(ruleOf('fault_enum: {codes: []}').rule, undefined);
    assert.equal(ruleOf('fault_enum: {ok_value: none, codes: [{code: 1, fault_code: A}]}').rule, undefined);
  });
});
