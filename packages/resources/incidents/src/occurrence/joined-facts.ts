import type { Cause, Occurrence } from './occurrence.ts';

/**
 * What is known of an occurrence when two have told of it. The same whoever told it first: gateways answer in any order. The very
 * same object as `known` where nothing is new.
 */
export function joinedFacts(known: Occurrence, told: Occurrence): Occurrence {
  const later = told.reportedMs > known.reportedMs ? told : known;
  const sequence = least(known.sequence, told.sequence);
  const healedMs = least(known.healedMs, told.healedMs);
  const clearedMs = least(known.clearedMs, told.clearedMs);
  const clearedBy = known.clearedBy ?? told.clearedBy;
  const entity = known.entity ?? told.entity;
  const cause = sameCause(known.cause, told.cause);
  const clusterId = known.clusterId ?? told.clusterId;
  const crossing = known.crossing ?? told.crossing;
  const blocksMotion = known.blocksMotion || told.blocksMotion || (known.blocksMotion ?? told.blocksMotion);
  const joined: Occurrence = {
    origin: known.origin,
    code: known.code,
    number: known.number,
    ...(sequence !== undefined && { sequence }),
    description: later.description,
    severity: known.severity > told.severity ? known.severity : told.severity,
    ...(entity && { entity }),
    beganMs: known.beganMs,
    startedMs: known.startedMs,
    reportedMs: later.reportedMs,
    ...(healedMs !== undefined && { healedMs }),
    ...(clearedMs !== undefined && { clearedMs }),
    ...(clearedBy !== undefined && { clearedBy }),
    ...(cause && { cause }),
    ...(clusterId !== undefined && { clusterId }),
    recordings: joinedRecordings(known, told),
    related: joinedNames(known.related, told.related),
    ...(blocksMotion !== undefined && { blocksMotion }),
    ...(crossing && { crossing }),
  };
  return JSON.stringify(joined) === JSON.stringify(known) ? known : joined;
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

/** Of two rules that both explain it always the same. */
function sameCause(one: Cause | undefined, other: Cause | undefined): Cause | undefined {
  if (!one || !other) return one ?? other;
  return JSON.stringify(one) <= JSON.stringify(other) ? one : other;
}

function joinedRecordings(one: Occurrence, other: Occurrence): Occurrence['recordings'] {
  const ids = new Set(one.recordings.map(({ id }) => id));
  const more = other.recordings.filter(({ id }) => !ids.has(id));
  if (more.length === 0) return one.recordings;
  return [...one.recordings, ...more].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function joinedNames(one: readonly string[], other: readonly string[]): readonly string[] {
  return other.every((name) => one.includes(name)) ? one : [...new Set([...one, ...other])].sort();
}
