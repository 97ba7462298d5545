import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { DEFAULT_RULES } from '../options/function-rules.ts';
import { freshnessSec, isStale } from './freshness.ts';

describe('3.5 freshness', () => {
  it('lasts for some periods of the topic, but never less than the floor', () => {
    assert.equal(freshnessSec(30, DEFAULT_RULES), 5);
    assert.equal(freshnessSec(0.1, DEFAULT_RULES), 30);
  });

  it('ends after the grace; at its boundary a figure is still fresh', () => {
    assert.equal(isStale(7, 30, DEFAULT_RULES), false);
    assert.equal(isStale(7.001, 30, DEFAULT_RULES), true);
  });

  it('does not apply to a figure with a negative age, which is stale', () => {
    assert.equal(isStale(-0.001, 30, DEFAULT_RULES), true);
    assert.equal(isStale(0, 30, DEFAULT_RULES), false);
  });

  it('does not return with age, and grows with the grace, the floor and the period', () => {
    const random = seededRandom(3);
    for (let run = 0; run < 500; run += 1) {
      const rules = {
        freshnessFloorSec: 0.1 + random.float() * 10,
        freshnessHeadroomFactor: 0.1 + random.float() * 10,
        staleGraceSec: random.float() * 5,
      };
      const hz = 0.01 + random.float() * 100;
      const ageSec = random.float() * 60;
      const stale = isStale(ageSec, hz, rules);
      if (stale) assert.ok(isStale(ageSec + random.float() * 10, hz, rules));
      else assert.ok(!isStale(ageSec * random.float(), hz, rules));
      if (!stale) {
        assert.ok(!isStale(ageSec, hz, { ...rules, staleGraceSec: rules.staleGraceSec + random.float() }));
        assert.ok(!isStale(ageSec, hz, { ...rules, freshnessFloorSec: rules.freshnessFloorSec + random.float() }));
        assert.ok(!isStale(ageSec, hz / (1 + random.float()), rules));
      }
      assert.equal(isStale(freshnessSec(hz, rules) + rules.staleGraceSec, hz, rules), false);
    }
  });
});
