import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Cause, knownCauses, MAX_KNOWN_CAUSES } from './known-causes.ts';

const cause: Cause = { root_cause_code: 'ESTOP', rule_id: 'stop', delay_ms: 1 };

it('the number of cached causes is limited, and the least recently listed one is evicted', () => {
  const causes = knownCauses();
  for (let at = 0; at < MAX_KNOWN_CAUSES; at++) causes.of(`arm JAM_${at}`, '1', cause);
  assert.equal(causes.of('arm JAM_0', '1', undefined), cause);
  causes.of('arm JAM_NEW', '1', cause);
  const isStored = (code: string) => causes.of(`arm ${code}`, '1', undefined) === cause;
  assert.deepEqual(['JAM_0', 'JAM_1', 'JAM_2', 'JAM_NEW'].map(isStored), [true, false, true, true]);
});
