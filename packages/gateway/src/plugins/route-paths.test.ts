import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overlap } from './route-paths.ts';

test('two paths overlap if one address could match both', () => {
  const pattern = (path: string) => ({ path, spanning: new Set(path.includes('{rest}') ? ['rest'] : []) });
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['/x-pump', '/x-pump', true],
    ['/x-pump', '/x-tank', false],
    ['/x-pump', '/x-pump/state', false],
    ['/{any}', '/x-pump', true],
    ['/apps/{app_id}/x-pump', '/apps/{id}/x-pump', true],
    ['/apps/{app_id}/x-pump', '/apps/{app_id}/data', false],
    ['/apps/{app_id}/data/state', '/apps/{app_id}/data/{rest}', true],
    ['/apps/{app_id}/data/a/b', '/apps/{app_id}/data/{rest}', true],
    ['/apps/{app_id}/data', '/apps/{app_id}/data/{rest}', false],
    ['/apps/pump/x-a', '/apps/{app_id}/x-a', true],
  ];
  for (const [a, b, expected] of cases) {
    assert.equal(overlap(pattern(a), pattern(b)), expected, `${a} ${b}`);
    assert.equal(overlap(pattern(b), pattern(a)), expected, `${b} ${a}`);
  }
});
