import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCorrelationRules } from './read-correlation-rules.ts';

const EXAMPLE = `
correlation:
  enabled: true
  default_window_ms: 400
  patterns:
    motor_errors: { codes: ["MOTOR_COMM_*", "MOTOR_TIMEOUT_*"] }
  rules:
    - id: estop_cascade
      name: "E-Stop Cascade"
      mode: hierarchical
      window_ms: 1000
      root_cause: { codes: ["ESTOP_001"] }
      symptoms: [ { pattern: motor_errors }, { codes: ["DRIVE_*"] } ]
      mute_symptoms: true
      auto_clear_with_root: true
    - id: comm_storm
      mode: auto_cluster
      match: [ { pattern: motor_errors } ]
      min_count: 3
      show_as_single: true
      representative: highest_severity
`;

const read = (text: string) => readCorrelationRules(text, 'rules.yaml');
/** Reads rules, one per line as flow maps, starting at line 5. */
const withRules = (...rules: readonly string[]) =>
  read(
    `correlation:\n  enabled: true\n  patterns: {p: {codes: [A]}}\n  rules:\n${rules.map((rule) => `    - ${rule}\n`).join('')}`,
  );
const lines = ({ notices }: ReturnType<typeof read>) => notices.map(({ text }) => text);

describe('correlation rules', () => {
  it('accepts merge keys, and booleans and numbers of YAML 1.1', () => {
    const { rules, notices } = read(`correlation:
  x-rule: &rule {mode: auto_cluster, match: [{codes: [A]}], show_as_single: No, min_count: 0x3}
  enabled: on
  rules: [{<<: *rule, id: a}]
`);
    assert.deepEqual(notices, []);
    const [rule] = rules;
    assert.deepEqual(rule?.mode === 'auto_cluster' && [rule.showAsSingle, rule.minCount], [false, 3]);
  });

  it('K03, K13: accepts patterns, inline codes, both modes and defaults', () => {
    const { rules, notices } = read(EXAMPLE);
    assert.deepEqual(notices, []);
    assert.deepEqual(rules, [
      {
        id: 'estop_cascade',
        name: 'E-Stop Cascade',
        windowMs: 1000,
        mode: 'hierarchical',
        rootCause: ['ESTOP_001'],
        symptoms: ['MOTOR_COMM_*', 'MOTOR_TIMEOUT_*', 'DRIVE_*'],
        muteSymptoms: true,
        autoClearWithRoot: true,
      },
      {
        id: 'comm_storm',
        name: 'comm_storm',
        windowMs: 400,
        mode: 'auto_cluster',
        match: ['MOTOR_COMM_*', 'MOTOR_TIMEOUT_*'],
        minCount: 3,
        showAsSingle: true,
        representative: 'highest_severity',
      },
    ]);
  });

  it('K03: a rule with an id and root codes is hierarchical, with 500 ms, muting and clearing', () => {
    const { rules } = withRules('{id: a, root_cause: {codes: [X, Y]}, symptoms: [{codes: [B]}, {codes: [C, D]}]}');
    assert.deepEqual(rules, [
      {
        id: 'a',
        name: 'a',
        windowMs: 500,
        mode: 'hierarchical',
        rootCause: ['X', 'Y'],
        symptoms: ['B', 'C', 'D'],
        muteSymptoms: true,
        autoClearWithRoot: true,
      },
    ]);
  });

  it('K01: modes and representatives are accepted in any letter case, with their synonyms', () => {
    for (const mode of ['auto_cluster', 'AutoCluster', 'CLUSTER']) {
      const { rules } = withRules(`{id: a, mode: ${mode}, match: [{codes: [X]}], representative: Recent}`);
      assert.deepEqual(
        [rules[0].mode, 'representative' in rules[0] && rules[0].representative],
        ['auto_cluster', 'most_recent'],
      );
    }
    assert.equal(withRules('{id: a, mode: HIERARCHICAL, root_cause: {codes: [X]}}').rules[0].mode, 'hierarchical');
  });

  it('K02: without the section, or disabled, no rule is read', () => {
    for (const text of [
      '# nothing\n',
      'other: 1\n',
      'correlation: {enabled: false, rules: 7}\n',
      'correlation: {}\n',
    ]) {
      assert.deepEqual(read(text), { rules: [], acrossOrigins: [], notices: [] });
    }
  });

  const errors: readonly (readonly [string, string])[] = [
    [
      '{id: a, mode: fancy}',
      'rules.yaml:5: correlation: rules: mode must be one of hierarchical, auto_cluster, not "fancy"',
    ],
    ['{id: a, mode: ""}', 'rules.yaml:5: correlation: rules: mode must be one of hierarchical, auto_cluster, not ""'],
    [
      '{id: a, mode: cluster, representative: worst}',
      'rules.yaml:5: correlation: rules: representative must be one of first, most_recent, highest_severity, not "worst"',
    ],
    ['{id: a, root_cause: {pattern: q}}', 'rules.yaml:5: correlation: rules: root_cause: there is no pattern q'],
    ['{root_cause: {codes: [X]}}', 'rules.yaml:5: correlation: rules: a rule needs an id'],
    ['{id: a}', 'rules.yaml:5: correlation: rules: a hierarchical rule needs codes of its root_cause'],
    [
      '{id: a, root_cause: {codes: [X]}, window_ms: 0}',
      'rules.yaml:5: correlation: rules: window_ms must be a whole number from 1, not "0"',
    ],
    [
      '{id: a, mode: cluster, match: [{codes: [X]}], min_count: 0}',
      'rules.yaml:5: correlation: rules: min_count must be a whole number from 1, not "0"',
    ],
    ['{id: a, root_cause: {codes: X}}', 'rules.yaml:5: correlation: rules: root_cause: codes must be a list of codes'],
    ['{id: a, root_cause: X}', 'rules.yaml:5: correlation: rules: root_cause must be a section'],
    [
      '{id: a, root_cause: {codes: [X]}, symptoms: [X]}',
      'rules.yaml:5: correlation: rules: symptoms must contain only sections',
    ],
    ['7', 'rules.yaml:5: correlation: rules must contain only sections'],
  ];
  for (const [rule, line] of errors) {
    it(`K04: ${rule} leaves faults uncorrelated`, () => {
      const reading = withRules(rule);
      assert.deepEqual(reading.rules, []);
      assert.ok(lines(reading).includes(line), lines(reading).join('\n'));
      assert.equal(lines(reading).at(-1), 'rules.yaml has errors; faults are not correlated');
    });
  }

  it('K04: a duplicate id is reported with the line of the second', () => {
    const reading = withRules('{id: a, root_cause: {codes: [X]}}', '{id: a, root_cause: {codes: [Y]}}');
    assert.ok(lines(reading).includes('rules.yaml:6: correlation: rules: the id a is used twice'));
    assert.deepEqual(reading.rules, []);
  });

  const warnings: readonly (readonly [string, string])[] = [
    [
      '{id: a, root_cause: {codes: [X]}, symptoms: [{codes: [Y]}], window_ms: 120000}',
      'rules.yaml:5: correlation: rules: a window of 120000 ms is longer than a minute',
    ],
    ['{id: a, root_cause: {codes: [X]}}', 'rules.yaml:5: correlation: rules: no symptoms, so it explains nothing'],
    ['{id: a, mode: cluster}', 'rules.yaml:5: correlation: rules: no match, so it clusters nothing'],
    [
      '{id: a, mode: cluster, match: [{pattern: p}], min_count: 1}',
      'rules.yaml:5: correlation: rules: a min_count of 1 makes a cluster of every single fault',
    ],
    [
      '{id: a, mode: cluster, match: [{pattern: p}], mincount: 2}',
      'rules.yaml:5: correlation: rules: mincount is unknown and is ignored',
    ],
  ];
  for (const [rule, line] of warnings) {
    it(`K04: ${rule} is used with a warning`, () => {
      const reading = withRules(rule);
      assert.equal(reading.rules.length, 1);
      assert.deepEqual(lines(reading), [line]);
    });
  }

  it('K04: warns of patterns without codes and of no rules at all', () => {
    assert.deepEqual(lines(read('correlation:\n  enabled: true\n  patterns:\n    p: {}\n')), [
      'rules.yaml:4: correlation: patterns: p: no codes, so it matches nothing',
      'rules.yaml:2: correlation: no rules',
    ]);
  });

  it('leaves faults uncorrelated if the file is missing or invalid YAML', () => {
    assert.deepEqual(lines(readCorrelationRules(undefined, 'rules.yaml')), [
      'rules.yaml does not exist; faults are not correlated',
    ]);
    assert.match(lines(read('correlation: ['))[0], /^rules\.yaml:1: .*; faults are not correlated$/);
  });
});
