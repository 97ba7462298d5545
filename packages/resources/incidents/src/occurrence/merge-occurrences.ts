import type { Occurrence } from './occurrence.ts';

type Recording = Occurrence['recordings'][number];

/**
 * Merges two reports of an occurrence. The result does not depend on their order or number, because gateways answer in
 * any order and clock differences are estimated differently over time. Returns the object `known` if nothing is new.
 */
export function mergeOccurrences(known: Occurrence, reported: Occurrence): Occurrence {
  const sequence = earliest(known.sequence, reported.sequence);
  const healedMs = earliest(known.healedMs, reported.healedMs);
  const clearedMs = earliest(known.clearedMs, reported.clearedMs);
  const clearedBy = chooseStable(known.clearedBy, reported.clearedBy);
  const entity = chooseStable(known.entity, reported.entity);
  const cause = chooseStable(known.cause, reported.cause);
  const clusterId = chooseStable(known.clusterId, reported.clusterId);
  const crossing = chooseStable(known.crossing, reported.crossing);
  const blocksMotion = known.blocksMotion || reported.blocksMotion || (known.blocksMotion ?? reported.blocksMotion);
  const outbreak = (isBetterDescribed(reported, known) ? reported : known).outbreak ?? known.outbreak;
  const merged: Occurrence = {
    origin: known.origin,
    code: known.code,
    number: known.number,
    ...(sequence !== undefined && { sequence }),
    description: isBetterDescribed(reported, known) ? reported.description : known.description,
    severity: known.severity > reported.severity ? known.severity : reported.severity,
    ...(entity && { entity }),
    beganMs: Math.min(known.beganMs, reported.beganMs),
    startedMs: Math.min(known.startedMs, reported.startedMs),
    reportedMs: Math.max(known.reportedMs, reported.reportedMs),
    ...(healedMs !== undefined && { healedMs }),
    ...(clearedMs !== undefined && { clearedMs }),
    ...(clearedBy !== undefined && { clearedBy }),
    ...(cause && { cause }),
    ...(clusterId !== undefined && { clusterId }),
    recordings: mergeRecordings(known.recordings, reported.recordings),
    related: [...new Set([...known.related, ...reported.related])].sort(),
    ...(blocksMotion !== undefined && { blocksMotion }),
    ...(crossing && { crossing }),
    ...(outbreak && { outbreak }),
  };
  return JSON.stringify(merged) === JSON.stringify(known) ? known : merged;
}

function earliest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

/**
 * Chooses one of two different facts, always the same: neither is better, but incidents must not depend on the order.
 */
function chooseStable<Fact extends string | object>(one: Fact | undefined, other: Fact | undefined): Fact | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return JSON.stringify(one) <= JSON.stringify(other) ? one : other;
}

function isBetterDescribed(one: Occurrence, other: Occurrence): boolean {
  if (one.reportedMs !== other.reportedMs) return one.reportedMs > other.reportedMs;
  return one.description > other.description;
}

/** Merges recordings by id. Of two versions, the longer one counts: the other may have been incomplete. */
function mergeRecordings(one: readonly Recording[], other: readonly Recording[]): readonly Recording[] {
  const byId = new Map<string, Recording>();
  for (const recording of [...one, ...other]) {
    const known = byId.get(recording.id);
    byId.set(recording.id, known ? longer(known, recording) : recording);
  }
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function longer(one: Recording, other: Recording): Recording {
  const [length, another] = [one.size_bytes ?? -1, other.size_bytes ?? -1];
  if (length !== another) return length > another ? one : other;
  return JSON.stringify(one) <= JSON.stringify(other) ? one : other;
}
