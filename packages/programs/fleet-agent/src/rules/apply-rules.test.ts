import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultListItem } from '@medkit/contract';
import { reportedFault } from '../faults/reported-fault.ts';
import { listed, peerFault } from '../testing/faults.ts';
import { configOf, FEED } from '../testing/read-text.ts';
import { applyRules, type Recipient } from './apply-rules.ts';
import { defaultRules } from './default-rules.ts';

const audience = (rules = '', version: Recipient['version'] = '3.0.0'): Recipient => ({
  version,
  rules: configOf(`${FEED}rules:\n${rules}`).rules,
  publicUrl: 'https://plant/amr-1',
});
const resultOf = (item: FaultListItem, rules?: string, version?: Recipient['version']) =>
  applyRules(reportedFault(item), audience(rules, version));
const levelOf = (item: FaultListItem, rules?: string, version?: Recipient['version']) =>
  resultOf(item, rules, version).error?.level;

describe('the default message to a fleet about a fault', () => {
  it('depends on its code, and otherwise on its severity', () => {
    for (const [item, level] of [
      [listed('PROTECTIVE_STOP'), 'CRITICAL'],
      [listed('ACTION_NAVIGATE_TO_POSE_ABORTED'), 'CRITICAL'],
      [listed('BRAKE', { severity: 3 }), 'FATAL'],
      [listed('BRAKE'), 'URGENT'],
      [listed('BRAKE', { severity: 1 }), 'WARNING'],
    ] as const) {
      assert.equal(levelOf(item), level, item.fault_code);
    }
  });

  it('is an information if nothing is wrong', () => {
    const { error, information } = resultOf(listed('DOCKED', { severity: 0 }));
    assert.equal(error, undefined);
    assert.deepEqual(
      [information?.type, information?.level, information?.description],
      ['DOCKED', 'INFO', 'DOCKED came'],
    );
  });

  it('describes the remedy of a protective stop, in two languages, and that it concerns a safety function', () => {
    const { error, isSafety } = resultOf(listed('PROTECTIVE_STOP'));
    assert.equal(isSafety, true);
    assert.equal(error?.hint, error?.hintTranslations?.en);
    assert.match(error?.hintTranslations?.de ?? '', /Schutzfeld/);
  });

  it('refers to entity, gateway, record, beginning and copy', () => {
    const copy = { as_of: '2026-02-04T11:00:00Z' };
    const { error } = resultOf(peerFault('island', 'A/B', { 'x-medkit': copy, confirmed_at: 1_770_201_000.25 }));
    assert.deepEqual(
      error?.references.map(({ key, value }) => [key, value]),
      [
        ['entityId', 'motor'],
        ['origin', 'island'],
        ['sovdUri', 'https://plant/amr-1/api/v1/apps/motor/faults/A%2FB'],
        ['since', '2026-02-04T10:30:00.250Z'],
        ['asOf', '2026-02-04T11:00:00Z'],
      ],
    );
  });

  it('has no link if its reporter is no entity', () => {
    const { error } = resultOf(listed('A', { entity_id: null, entity_type: null, confirmed_at: null }));
    assert.deepEqual(error?.references, [{ key: 'source', value: '/base/motor' }]);
  });

  it('follows rules of which the last four match every severity', () => {
    assert.deepEqual(
      defaultRules().flatMap(({ match }) => match.severity ?? []),
      ['critical', 'error', 'warning', 'info'],
    );
  });
});

describe('rules of the file', () => {
  it('take precedence over the defaults, and the first that matches applies', () => {
    const rules = '  - { code: "BRAKE*", level: WARNING }\n  - { code: BRAKE_HOT, level: FATAL }\n';
    assert.equal(levelOf(listed('BRAKE_HOT'), rules), 'WARNING');
    assert.equal(levelOf(listed('WHEEL'), rules), 'URGENT');
  });

  it('keep two faults apart to which they give one type', () => {
    const rules = '  - { code: "BRAKE*", type: BRAKE_FAILURE }\n';
    for (const code of ['BRAKE_HOT', 'BRAKE_WORN']) {
      const { error } = resultOf(listed(code), rules);
      assert.equal(error?.type, 'BRAKE_FAILURE');
      assert.equal(error?.references.find(({ key }) => key === 'faultCode')?.value, code);
    }
  });

  it('leave to the defaults what they do not set', () => {
    const { error, isSafety, applied } = resultOf(
      listed('PROTECTIVE_STOP'),
      '  - { code: PROTECTIVE_STOP, hint: Look }\n',
    );
    assert.deepEqual([error?.level, error?.hint, isSafety], ['CRITICAL', 'Look', true]);
    assert.equal(error?.hintTranslations, undefined);
    assert.deepEqual(
      applied.map(({ at }) => at.replace(/:\d+$/, '')),
      ['/robot/vda5050.yaml', 'default rules'],
    );
  });

  it('apply to faults that match all of their conditions', () => {
    const item = peerFault('island', 'BRAKE', { severity: 1, entity_id: 'gate' });
    for (const [match, isMatch] of [
      ['code: BRAKE', true],
      ['code: BRAKES', false],
      ['source: "/base/*"', true],
      ['source: /base', false],
      ['entity: gate', true],
      ['entity: apps/gate', true],
      ['entity: components/gate', false],
      ['origin: island', true],
      ['origin: local', false],
      ['severity: warning', true],
      ['severity: error', false],
      ['code: BRAKE, severity: error', false],
    ] as const) {
      assert.equal(levelOf(item, `  - { ${match}, level: FATAL }\n`) === 'FATAL', isMatch, match);
    }
  });

  it('keep faults from the fleet, send them as information only, or send as an error what is none', () => {
    const { error, information } = resultOf(listed('A'), '  - { send: no }\n');
    assert.deepEqual([error, information], [undefined, undefined]);
    assert.equal(resultOf(listed('A'), '  - { send: information }\n').information?.type, 'A');
    assert.equal(levelOf(listed('A', { severity: 0 }), '  - { send: errors }\n'), 'WARNING');
  });

  it('give levels by version', () => {
    const rules = '  - { level: { 2.1.0: FATAL, 3.0.0: URGENT } }\n';
    assert.deepEqual([levelOf(listed('A'), rules, '2.1.0'), levelOf(listed('A'), rules)], ['FATAL', 'URGENT']);
  });

  it('set type, texts with placeholders, and additional references', () => {
    const { error } = resultOf(
      listed('BRAKE', { description: 'Hot {code}' }),
      `  - type: brakeError
    description: { en: "{description} at {entity}", de: "{code} an {entity}, {wheel}" }
    references: { line: 4 }
`,
    );
    assert.equal(error?.type, 'brakeError');
    assert.equal(error?.description, 'Hot {code} at apps/motor', 'what a robot says is filled in nowhere');
    assert.equal(error?.descriptionTranslations?.de, 'BRAKE an apps/motor, {wheel}');
    assert.deepEqual(error?.references.at(-1), { key: 'line', value: '4' });
  });
});
