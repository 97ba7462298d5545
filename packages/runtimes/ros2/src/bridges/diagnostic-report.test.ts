import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fnv1aHex } from '@medkit/core';
import { codeText, cutCodeText } from './code-text.ts';
import { type DiagnosticRules, readDiagnostics } from './diagnostic-report.ts';

const RULES: DiagnosticRules = {
  sourceId: '/diagnostic_bridge',
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

const ORIGIN = { publisher: '/driver', source: '/driver', isNode: (fqn: string) => fqn === '/arm/motor' };
const read = (fields: readonly object[], rules: Partial<DiagnosticRules> = {}, origin = ORIGIN) =>
  readDiagnostics(fields.map(status), { ...RULES, ...rules }, origin);
const report = (fields: object = {}, rules: Partial<DiagnosticRules> = {}) => read([fields], rules).reports[0];

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
    assert.match(
      report({ level: 7 })?.description ?? '',
      /^too hot \(level 7 is not defined in .*, treated as ERROR\)$/,
    );
    assert.equal(report()?.description, 'too hot');
  });

  it('G02: has a code that is derived from its name', () => {
    const made = ['/robot/sensor', 'motor: Status', 'motor - temp', '  motor  ', '***'].map(codeText);
    assert.deepEqual(made, ['ROBOT_SENSOR', 'MOTOR_STATUS', 'MOTOR_TEMP', 'MOTOR', '']);
    assert.equal(report()?.code, 'MOTOR_STATUS');
    const [a, b] = ['a', 'b'].map((end) => report({ name: 'x'.repeat(200) + end })?.code ?? '');
    assert.equal(a?.length, 128);
    assert.notEqual(a, b);
  });

  it('G03: takes the code by name, then by configured key, then the derived one', () => {
    const values = [
      { key: 'second', value: 'S_2' },
      { key: 'first', value: 'S_1' },
    ];
    const nameToCode = new Map([['motor: Status', 'NAMED']]);
    assert.equal(report({ values }, { nameToCode, keyvalueCodes: ['first'] })?.code, 'NAMED');
    assert.equal(report({ values }, { keyvalueCodes: ['first', 'second'] })?.code, 'S_1');
    assert.equal(report({ values }, { keyvalueCodes: ['third'] })?.code, 'MOTOR_STATUS');
    const without = read([{ values }], { keyvalueCodes: ['third'], autoGenerateCodes: false });
    assert.deepEqual(without, { reports: [], withoutCode: ['motor: Status'], unknownLevels: [] });
  });

  it('G04: comes from the publisher, or from hardware that is named like a node of the graph', () => {
    const sourceOf = (hardware_id: string, useHardwareIdAsSourceId: boolean) =>
      report({ hardware_id }, { useHardwareIdAsSourceId })?.source;
    assert.equal(sourceOf('/arm/motor', false), '/driver');
    assert.equal(sourceOf('/arm/motor', true), '/arm/motor');
    for (const id of ['', 'SN-1234', '/dev/ttyUSB0', 'uas:///tmp/uas1', '10.0.0.1/24']) {
      assert.equal(sourceOf(id, true), '/driver');
    }
  });

  it('has a code with a hash if the name alone would lose words or signs', () => {
    const names = [
      '视觉算法',
      'мотор',
      'hw: мотор',
      'hw: батарея',
      'Axis -',
      'Axis +',
      '***',
      '',
      'v > 1',
      'v < 1',
      'Größe',
    ];
    const codes = names.map((name) => report({ name })?.code ?? '');
    assert.equal(new Set(codes).size, names.length);
    for (const code of codes) assert.match(code, /^[A-Z_]+_[0-9A-F]{8}$|^[A-Z0-9_]+_[0-9A-F]{8}$/);
    assert.match(codes[0] ?? '', /^DIAGNOSTIC_/);
    assert.match(codes[4] ?? '', /^AXIS_/);
    assert.equal(report({ name: 'Axis -' })?.code, codes[4]);
    assert.equal(report({ name: '\u001b[31mmotor: Status\u001b[0m' })?.code, 'MOTOR_STATUS');
  });

  it('is identified by publisher, hardware id and name, whatever its code', () => {
    const keyOf = (fields: object, publisher = '/driver') =>
      read([fields], {}, { ...ORIGIN, publisher }).reports[0]?.condition.key;
    const keys = [
      keyOf({}),
      keyOf({}, '/other'),
      keyOf({ hardware_id: 'left' }),
      keyOf({ name: 'motor Status' }),
      keyOf({ name: 'x'.repeat(5000) }),
      keyOf({ name: `${'x'.repeat(5000)}y` }),
    ];
    assert.equal(new Set(keys).size, keys.length);
    assert.ok(keys.every((key) => (key ?? '').length <= 1024));
    assert.equal(keyOf({ level: 0, message: 'other' }), keys[0]);
  });

  it('reports the worst status of a condition in one array, wherever that is', () => {
    const levels = (...found: readonly number[]) => read(found.map((level) => ({ level }))).reports;
    const judged = [levels(2, 0), levels(0, 2), levels(1, 3, 2, 0)].map((reports) =>
      reports.map(({ event, severity }) => [event, severity]),
    );
    assert.deepEqual(judged, [[['FAILED', 2]], [['FAILED', 2]], [['FAILED', 3]]]);
  });

  it('has distinct codes for values, and has a code even if a value is empty', () => {
    const coded = (value: string, level = 2) => ({ level, values: [{ key: 'code', value }] });
    const codes = (...fields: readonly object[]) =>
      read(fields, { keyvalueCodes: ['code'] }).reports.map(({ event, code }) => `${event} ${code}`);
    assert.deepEqual(codes(coded('E42'), coded('E43'), coded('', 0)), ['FAILED E42', 'FAILED E43']);
    assert.deepEqual(codes(coded('')), ['FAILED MOTOR_STATUS']);
    const [odd, other] = codes(coded('E 42/é'), coded('E 42/è'));
    assert.match(odd ?? '', /^FAILED E_42_[0-9A-F]{8}$/);
    assert.notEqual(odd, other);
    assert.deepEqual(codes(coded('x'.repeat(500))).length, 1);
  });
});

describe('texts of codes', () => {
  it('O03: hash like FNV-1a', () => {
    assert.deepEqual(['', 'a', 'foobar'].map(fnv1aHex), ['811c9dc5', 'e40c292c', 'bf9cf968']);
  });

  it('are cut so that different texts stay different', () => {
    const [a, b] = ['A', 'B'].map((end) => cutCodeText('X'.repeat(60) + end, 48));
    assert.deepEqual([a?.length, b?.length], [48, 48]);
    assert.notEqual(a, b);
    assert.equal(cutCodeText('SHORT', 48), 'SHORT');
  });
});
