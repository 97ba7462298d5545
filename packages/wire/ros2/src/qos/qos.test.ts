import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { QosPolicies } from '@medkit/rtps';
import type { QosProfile } from '../graph.ts';
import { completeProfile, incompatiblePolicies, policiesOf, profileOf } from './policies.ts';
import { DEFAULT_PROFILE, MAX_DEPTH, matchingProfile, SENSOR_DATA_PROFILE } from './profiles.ts';

const LATCHED: QosProfile = { ...DEFAULT_PROFILE, durability: 'transient_local', depth: 1 };

describe('QoS', () => {
  it('turns a profile into policies and back', () => {
    const profile: QosProfile = {
      reliability: 'best_effort',
      durability: 'transient_local',
      history: 'keep_last',
      depth: 3,
      deadlineMs: 100,
      lifespanMs: 2000,
      liveliness: 'manual_by_topic',
      livelinessLeaseMs: 500,
    };
    assert.deepEqual(profileOf(policiesOf(profile) as QosPolicies), profile);
    assert.deepEqual(profileOf(policiesOf({}) as QosPolicies), DEFAULT_PROFILE);
  });

  it('keeps the depth of a caller within bounds', () => {
    assert.equal(completeProfile({ depth: 1e12 }).depth, MAX_DEPTH);
    for (const depth of [0, -5, Number.NaN, 0.5]) assert.equal(completeProfile({ depth }).depth, 1);
  });

  it('requests the strongest QoS that all publishers offer', () => {
    const requested = (...offered: QosProfile[]) => {
      const { reliability, durability } = matchingProfile(offered);
      return [reliability, durability];
    };
    assert.deepEqual(requested(), ['best_effort', 'volatile']);
    assert.deepEqual(requested(LATCHED, LATCHED), ['reliable', 'transient_local']);
    assert.deepEqual(requested(LATCHED, DEFAULT_PROFILE), ['reliable', 'volatile']);
    assert.deepEqual(requested(LATCHED, SENSOR_DATA_PROFILE), ['best_effort', 'volatile']);
  });

  it('names every policy that separates two profiles, and none if they match', () => {
    assert.deepEqual(incompatiblePolicies(SENSOR_DATA_PROFILE, LATCHED), ['reliability', 'durability']);
    assert.deepEqual(incompatiblePolicies(LATCHED, SENSOR_DATA_PROFILE), []);
    assert.deepEqual(incompatiblePolicies(DEFAULT_PROFILE, { ...DEFAULT_PROFILE, deadlineMs: 10 }), ['deadline']);
    assert.deepEqual(
      incompatiblePolicies({ ...DEFAULT_PROFILE, deadlineMs: 5 }, { ...DEFAULT_PROFILE, deadlineMs: 10 }),
      [],
    );
    assert.deepEqual(incompatiblePolicies(DEFAULT_PROFILE, { ...DEFAULT_PROFILE, liveliness: 'manual_by_topic' }), [
      'liveliness',
    ]);
  });
});
