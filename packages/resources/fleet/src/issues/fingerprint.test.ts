import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fingerprints } from './fingerprint.ts';

const facts = (code: string, entity?: string, cause?: string) => ({ code, entity, cause });

it('without rules, code, entity and cause identify an issue', () => {
  const of = fingerprints([]);
  const texts = [facts('A'), facts('A', 'arm'), facts('A', 'arm', 'B'), facts('A', undefined, 'arm'), facts('["A"]')];
  assert.equal(new Set(texts.map((each) => of(each).text)).size, texts.length);
  assert.deepEqual(of(facts('A', 'arm')), { text: '["A","arm",null]', code: 'A', entity: 'arm', cause: undefined });
});

it('the first rule that matches names the issue', () => {
  const of = fingerprints([
    { match: { code: 'MOTOR_*_HOT', entity: 'wheel*' }, as: 'hot wheels' },
    { match: { code: 'MOTOR*' }, as: 'motors' },
    { match: { entity: 'lidar' }, as: 'lidar' },
    { match: { code: 'A*A*A' }, as: 'three' },
  ]);
  const rule = (code: string, entity?: string) => of(facts(code, entity)).rule;
  assert.equal(rule('MOTOR_3_HOT', 'wheel_left'), 'hot wheels');
  assert.equal(rule('MOTOR_3_HOT', 'arm'), 'motors');
  assert.equal(rule('MOTOR'), 'motors');
  assert.equal(rule('SCAN_LOST', 'lidar'), 'lidar');
  assert.equal(rule('SCAN_LOST', 'lidar2'), undefined);
  assert.equal(rule('AA'), undefined);
  assert.equal(rule('AAA'), 'three');
  assert.equal(rule('AxAyA'), 'three');
  assert.equal(of(facts('MOTOR')).code, undefined);
});
