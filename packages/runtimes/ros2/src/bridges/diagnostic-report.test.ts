import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codeText, cutCodeText, fnv1aHex } from './code-text.ts';
import { type DiagnosticRules, diagnosticReport } from './diagnostic-report.ts';

const RULES: DiagnosticRules = {
  nameToCode: new Map(),
  keyvalueCodes: [],
  autoGenerateCodes: true,
  useHardwareIdAsSourceId: false,
};

const status = (fields: object = {}) => ({
  level: 2,
  name: 'motor: Status',
  message: 'too hot',
  hardware_id: '',
  values: [],
  ...fields,
});

const report = (fields: object = {}, rules: Partial<DiagnosticRules> = {}) =>
  diagnosticReport(status(fields), { ...RULES, ...rules }, '/diagnostic_bridge');

describe('the fault of a diagnostic', () => {
  it('G01: has the severity of its level; OK is a PASSED, an unknown level an error', () => {
    const judged = [0, 1, 2, 3, 4, 255].map((level) => report({ level })).map((r) => [r?.event, r?.severity]);
    assert.deepEqual(judged.slice(1), [
      ['FAILED', 1],
      ['FAILED', 2],
      ['FAILED', 3],
      ['FAILED', 2],
      ['FAILED', 2],
    ]);
    assert.equal(judged[0]?.[0], 'PASSED');
    assert.match(report({ level: 7 })?.description ?? '', /^too hot \(level 7 is none of .*, taken as ERROR\)$/);
    assert.equal(report()?.description, 'too hot');
  });

  it('G02: has the code that its name makes', () => {
    const made = ['/robot/sensor', 'motor: Status', 'motor - temp', '  motor  ', '***'].map(codeText);
    assert.deepEqual(made, ['ROBOT_SENSOR', 'MOTOR_STATUS', 'MOTOR_TEMP', 'MOTOR', '']);
    assert.equal(report()?.code, 'MOTOR_STATUS');
    assert.equal(report({ name: '***' }), undefined);
    const [a, b] = ['a', 'b'].map((end) => report({ name: 'x'.repeat(200) + end })?.code ?? '');
    assert.equal(a?.length, 128);
    assert.notEqual(a, b);
  });

  it('G03: takes the code by name, then by configured key, then by its own name', () => {
    const values = [
      { key: 'second', value: 'S_2' },
      { key: 'first', value: 'S_1' },
    ];
    const nameToCode = new Map([['motor: Status', 'NAMED']]);
    assert.equal(report({ values }, { nameToCode, keyvalueCodes: ['first'] })?.code, 'NAMED');
    assert.equal(report({ values }, { keyvalueCodes: ['first', 'second'] })?.code, 'S_1');
    assert.equal(report({ values }, { keyvalueCodes: ['third'] })?.code, 'MOTOR_STATUS');
    assert.equal(report({ values }, { keyvalueCodes: ['third'], autoGenerateCodes: false }), undefined);
  });

  it('G04: comes from the bridge, or from hardware that is named like a node', () => {
    const sourceOf = (hardware_id: string, useHardwareIdAsSourceId: boolean) =>
      report({ hardware_id }, { useHardwareIdAsSourceId })?.source;
    assert.equal(sourceOf('/arm/motor', false), '/diagnostic_bridge');
    assert.equal(sourceOf('/arm/motor', true), '/arm/motor');
    for (const id of ['', 'SN-1234']) assert.equal(sourceOf(id, true), '/diagnostic_bridge');
  });
});

describe('texts of codes', () => {
  it('O03: hash as FNV-1a has it', () => {
    assert.deepEqual(['', 'a', 'foobar'].map(fnv1aHex), ['811c9dc5', 'e40c292c', 'bf9cf968']);
  });

  it('are cut so that what differs stays different', () => {
    const [a, b] = ['A', 'B'].map((end) => cutCodeText('X'.repeat(60) + end, 48));
    assert.deepEqual([a?.length, b?.length], [48, 48]);
    assert.notEqual(a, b);
    assert.equal(cutCodeText('SHORT', 48), 'SHORT');
  });
});
