import type { IncompatiblePolicy, QosPolicies } from '@medkit/rtps';
import type { QosProfile } from '../adapter/graph.ts';
import { DEFAULT_PROFILE, MAX_DEPTH } from './profiles.ts';

const milliseconds = (ms: number | null): number => ms ?? Number.POSITIVE_INFINITY;
const orNull = (ms: number): number | null => (Number.isFinite(ms) ? ms : null);

/** The DDS policies of a ROS profile; what it leaves out is as in `DEFAULT_PROFILE`. */
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

/** A whole profile out of what a caller gave, its depth within 1 to `MAX_DEPTH`. */
export function completeProfile(partial: Partial<QosProfile>): QosProfile {
  const profile = { ...DEFAULT_PROFILE, ...partial };
  return { ...profile, depth: Math.min(MAX_DEPTH, Math.max(1, Math.trunc(profile.depth) || 1)) };
}

/** The profile that ROS tools show for an endpoint. */
export function profileOf(policies: QosPolicies): QosProfile {
  return {
    reliability: policies.reliability === 'reliable' ? 'reliable' : 'best_effort',
    // Transient and persistent do not exist in ROS; they offer all that transient local does.
    durability: policies.durability === 'volatile' ? 'volatile' : 'transient_local',
    history: policies.history.kind === 'keep-all' ? 'keep_all' : 'keep_last',
    depth: policies.history.kind === 'keep-all' ? 0 : policies.history.depth,
    deadlineMs: orNull(policies.deadlineMs),
    lifespanMs: orNull(policies.lifespanMs),
    liveliness: policies.liveliness.kind === 'automatic' ? 'automatic' : 'manual_by_topic',
    livelinessLeaseMs: orNull(policies.liveliness.leaseMs),
  };
}

/** The policies that keep a publisher from a subscription (DDS 1.4, 2.2.3: offered against requested). */
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
