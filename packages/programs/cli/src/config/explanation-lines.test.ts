import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigExplanation } from '@medkit/gateway';
import { explanationJson, explanationLines } from './explanation-lines.ts';

const EXPLANATION: ConfigExplanation = {
  file: 'medkit.yaml',
  settings: [
    { key: 'server.port', value: 8080, about: 'Port.' },
    { key: 'docs.enabled', value: false, origin: 'medkit.yaml:3', about: 'Documents.' },
    { key: 'ros.type_folders', value: [], about: 'Folders.' },
  ],
  faultManager: { parameters: [], meaning: ['A fault is confirmed by its first FAILED report.'] },
  remarks: [],
  problems: [],
};

test('configured settings are shown with their origin, followed by the defaults on request', () => {
  assert.deepEqual(explanationLines(EXPLANATION, { all: false }).slice(0, 4), [
    'Settings from medkit.yaml:',
    '  docs.enabled   false   medkit.yaml:3',
    '  2 more settings have their defaults; --all shows them.',
    '',
  ]);
  assert.deepEqual(explanationLines(EXPLANATION, { all: true }), [
    'Settings from medkit.yaml:',
    [
      '  docs.enabled       false   medkit.yaml:3',
      '  server.port        8080    default',
      '  ros.type_folders   none    default',
    ].join('\n'),
    '',
    'Effect on faults:',
    '  A fault is confirmed by its first FAILED report.',
    '',
    'Every entry takes effect as written.',
  ]);
});

test('ignored settings are listed last, and problems that keep medkit from starting are marked as such', () => {
  const explanation: ConfigExplanation = {
    ...EXPLANATION,
    remarks: ['nobody listens'],
    problems: [
      { level: 'warning', text: 'a.yaml:1: x is ignored' },
      { level: 'refusal', text: 'a.yaml:2: y takes a number' },
    ],
  };
  const lines = explanationLines(explanation, { all: false });
  assert.deepEqual(lines.slice(-7), [
    'Notes:',
    '  nobody listens',
    '',
    'Problems:',
    '  warning: a.yaml:1: x is ignored',
    '  error, medkit will not start: a.yaml:2: y takes a number',
    '',
  ]);
});

test('a long value is shortened on a terminal and complete in JSON', () => {
  const value = Array.from({ length: 40 }, (_, at) => `/topic_${at}`);
  const long = { ...EXPLANATION, settings: [{ key: 'topics', value, about: 'Topics.' }] };
  assert.match(explanationLines(long, { all: true })[1] ?? '', /^ {2}topics {3}\S.{50,60}… {3}default$/);
  const parsed = JSON.parse(explanationJson(long));
  assert.deepEqual(parsed.settings[0].value, value);
  assert.deepEqual(parsed.fault_manager, EXPLANATION.faultManager);
});
