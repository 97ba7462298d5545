import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isRegression } from './regression.ts';

const RESOLVED_MS = 1000;
const FIRST_SEEN = new Map([
  ['blue', 1],
  ['green', 2],
  ['red', 3],
]);

/** Version of the occurrence, version of the resolution, and whether it is a regression. */
const CASES: readonly (readonly [version: string | undefined, inVersion: string | undefined, expected: boolean])[] = [
  [undefined, undefined, true],
  ['nav-2.1.0', undefined, true],
  [undefined, 'nav-2.2.0', false],
  ['nav-2.2.0', 'nav-2.2.0', true],
  ['nav-2.10.0', 'nav-2.9.0', true],
  ['nav-2.1.9', 'nav-2.2.0', false],
  ['nav-3.0.0', 'nav-2.2.0', true],
  ['nav-2.2.0-rc.1', 'nav-2.2.0', false],
  ['nav-2.2.0', 'nav-2.2.0-rc.1', true],
  ['nav-2.2.0-rc.10', 'nav-2.2.0-rc.9', true],
  ['nav-2.2.0-rc', 'nav-2.2.0-rc.1', false],
  ['nav-2.2.0-1', 'nav-2.2.0-rc', false],
  ['nav-2.2.0+build.7', 'nav-2.2.0', true],
  ['green', 'red', false],
  ['red', 'green', true],
  ['red', 'not yet installed', false],
  ['unseen', 'red', true],
  ['nav-9.0.0', 'green', true],
];

for (const [version, inVersion, expected] of CASES) {
  it(`an occurrence on ${version ?? 'unknown software'} ${expected ? 'is' : 'is no'} regression of ${inVersion ?? 'all'}`, () => {
    const resolution = { atMs: RESOLVED_MS, inVersion };
    assert.equal(isRegression({ beganMs: RESOLVED_MS + 1, version }, resolution, FIRST_SEEN), expected);
    assert.equal(isRegression({ beganMs: RESOLVED_MS, version }, resolution, FIRST_SEEN), false);
  });
}
