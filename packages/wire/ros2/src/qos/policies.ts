import type { IncompatiblePolicy, QosPolicies } from '@medkit/rtps';
import type { QosProfile } from '../graph.ts';
import { DEFAULT_PROFILE, MAX_DEPTH } from './profiles.ts';

const milliseconds = (ms: number | null): number => ms ?? Number.POSITIVE_INFINITY;
const orNull = (ms: number): number | null => (Number.isFinite(ms) ? ms : null);

/** Returns the DDS policies of a ROS profile. Missing parts are taken from `DEFAULT_PROFILE`. */
export function policiesOf(partial: Partial<QosProfile>): Partial<QosPolicies> {
  const profile = completeProfile(partial);
  return {
    reliability: profile.reliability === 'reliable' ? 'reliable' : 'best-effort',
    durability: profile.durability === 'transient_local' ? 'transient-local' : 'volatile',
    history: profile.history === 'keep_all' ? { kind: 'keep-all' } : { kind: 'keep-last', depth: profile.depth },
    deadlineMs: milliseconds(profile.deadlineMs),
    lifespanMs: milliseconds(profile.lifespanMs),
    liveliness: {
      kind: profile.liveliness === 'manual_by_topic' ? 'manual-by-topic' : 'automatic',
      leaseMs: milliseconds(profile.livelinessLeaseMs),
    },
  };
}

/** Completes a profile with defaults and limits its depth to 1 to `MAX_DEPTH`. */
export function completeProfile(partial: Partial<QosProfile>): QosProfile {
  const profile = { ...DEFAULT_PROFILE, ...partial };
  return { ...profile, depth: Math.min(MAX_DEPTH, Math.max(1, Math.trunc(profile.depth) || 1)) };
}

/** Returns the profile of an endpoint in the form of ROS tools. */
export function profileOf(policies: QosPolicies): QosProfile {
  return {
    reliability: policies.reliability === 'reliable' ? 'reliable' : 'best_effort',
    // Transient and persistent do not exist in ROS; they include everything that transient local offers.
    durability: policies.durability === 'volatile' ? 'volatile' : 'transient_local',
    history: policies.history.kind === 'keep-all' ? 'keep_all' : 'keep_last',
    depth: policies.history.kind === 'keep-all' ? 0 : policies.history.depth,
    deadlineMs: orNull(policies.deadlineMs),
    lifespanMs: orNull(policies.lifespanMs),
    liveliness: policies.liveliness.kind === 'automatic' ? 'automatic' : 'manual_by_topic',
    livelinessLeaseMs: orNull(policies.liveliness.leaseMs),
  };
}

/** Returns the policies that prevent a match (DDS 1.4, 2.2.3: offered against requested). */
export function incompatiblePolicies(offered: QosProfile, requested: QosProfile): readonly IncompatiblePolicy[] {
  const found: IncompatiblePolicy[] = [];
  if (requested.reliability === 'reliable' && offered.reliability !== 'reliable') found.push('reliability');
  if (requested.durability === 'transient_local' && offered.durability !== 'transient_local') found.push('durability');
  if (milliseconds(offered.deadlineMs) > milliseconds(requested.deadlineMs)) found.push('deadline');
  if (
    (requested.liveliness === 'manual_by_topic' && offered.liveliness !== 'manual_by_topic') ||
    milliseconds(offered.livelinessLeaseMs) > milliseconds(requested.livelinessLeaseMs)
  ) {
    found.push('liveliness');
  }
  return found;
}
