import type { Occurrence } from './occurrence.ts';

type Recording = Occurrence['recordings'][number];

/**
 * Merges two reports of an occurrence. The result does not depend on their order or number, because gateways answer in
 * any order and clock differences are estimated differently over time. Returns the object `known` if nothing is new.
 */
export function joinedFacts(known: Occurrence, told: Occurrence): Occurrence {
  const sequence = least(known.sequence, told.sequence);
  const healedMs = least(known.healedMs, told.healedMs);
  const clearedMs = least(known.clearedMs, told.clearedMs);
  const clearedBy = same(known.clearedBy, told.clearedBy);
  const entity = same(known.entity, told.entity);
  const cause = same(known.cause, told.cause);
  const clusterId = same(known.clusterId, told.clusterId);
  const crossing = same(known.crossing, told.crossing);
  const blocksMotion = known.blocksMotion || told.blocksMotion || (known.blocksMotion ?? told.blocksMotion);
  const joined: Occurrence = {
    origin: known.origin,
    code: known.code,
    number: known.number,
    ...(sequence !== undefined && { sequence }),
    description: isBetterDescribed(told, known) ? told.description : known.description,
    severity: known.severity > told.severity ? known.severity : told.severity,
    ...(entity && { entity }),
    beganMs: Math.min(known.beganMs, told.beganMs),
    startedMs: Math.min(known.startedMs, told.startedMs),
    reportedMs: Math.max(known.reportedMs, told.reportedMs),
    ...(healedMs !== undefined && { healedMs }),
    ...(clearedMs !== undefined && { clearedMs }),
    ...(clearedBy !== undefined && { clearedBy }),
    ...(cause && { cause }),
    ...(clusterId !== undefined && { clusterId }),
    recordings: joinedRecordings(known.recordings, told.recordings),
    related: [...new Set([...known.related, ...told.related])].sort(),
    ...(blocksMotion !== undefined && { blocksMotion }),
    ...(crossing && { crossing }),
  };
  return JSON.stringify(joined) === JSON.stringify(known) ? known : joined;
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

/**
 * Chooses one of two different facts, always the same: neither is better, but incidents must not depend on the order.
 */
function same<Fact extends string | object>(one: Fact | undefined, other: Fact | undefined): Fact | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return JSON.stringify(one) <= JSON.stringify(other) ? one : other;
}

function isBetterDescribed(one: Occurrence, other: Occurrence): boolean {
  if (one.reportedMs !== other.reportedMs) return one.reportedMs > other.reportedMs;
  return one.description > other.description;
}

/** Merges recordings by id. Of two versions, the longer one counts: the other may have been incomplete. */
function joinedRecordings(one: readonly Recording[], other: readonly Recording[]): readonly Recording[] {
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
