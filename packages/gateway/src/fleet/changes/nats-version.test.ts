import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isSupported, neededUpdate } from './nats-version.ts';

it('servers older than 2.9 are refused, and a message names the update of those without fixes', () => {
  assert.deepEqual(['2.8.4', '2.9.0', '2.9.10', '3.0.0-beta.1', ''].map(isSupported), [false, true, true, true, false]);
  const updates = {
    '2.9.10': '2.11.16',
    '2.11.16': undefined,
    '2.11.9': '2.11.16',
    '2.12.6': '2.12.7',
    '2.12.7': undefined,
  };
  for (const [version, update] of Object.entries(updates)) assert.equal(neededUpdate(version), update, version);
  assert.equal(neededUpdate('2.14.0'), undefined);
});
