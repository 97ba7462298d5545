import { LOCAL } from '@medkit/core';
import type { ReplayedOccurrence } from '@medkit/faults/replay';
import { type IncidentEntry, type IncidentRecord, incidentEntries, type Occurrence } from '@medkit/incidents';

/** The recorded incidents: what a replay knows of entities and of what users said. */
export interface RecordedIncidents {
  readonly occurrences: readonly Occurrence[];
  readonly records: readonly IncidentRecord[];
}

const ms = (ns: bigint): number => Number(ns / 1000n) / 1000;

/**
 * Groups the confirmed occurrences of a replay into incidents, with the function that the gateway uses. The entity of a
 * fault and what depends on it come from its recorded occurrences. The faults of other gateways are the recorded ones.
 */
export function replayedIncidents(
  replayed: readonly ReplayedOccurrence[],
  { occurrences, records }: RecordedIncidents,
): readonly IncidentEntry[] {
  const local = Map.groupBy(
    occurrences.filter(({ origin }) => origin === LOCAL),
    ({ code }) => code,
  );
  const made = replayed
    .filter(({ confirmedAtNs }) => confirmedAtNs !== 0n)
    .map((each) => occurrenceOfReplay(each, local.get(each.code) ?? []));
  const others = occurrences.filter(({ origin }) => origin !== LOCAL);
  return incidentEntries({ occurrences: [...made, ...others], records, robotOf: (origin) => origin }).all;
}

function occurrenceOfReplay(replayed: ReplayedOccurrence, recorded: readonly Occurrence[]): Occurrence {
  const { code, number, startedNs, endedNs, endedAs, clearedBy, severity, symptomOf, clusterId } = replayed;
  const [startedMs, endedMs] = [ms(startedNs), endedNs === 0n ? Number.POSITIVE_INFINITY : ms(endedNs)];
  // Evidence belongs to an occurrence of about the same time.
  const same = recorded.find(({ beganMs }) => beganMs >= startedMs - 1 && beganMs <= endedMs);
  const known = same ?? recorded.at(-1);
  return {
    origin: LOCAL,
    code,
    number,
    description: known?.description ?? '',
    severity,
    ...(known?.entity && { entity: known.entity }),
    beganMs: startedMs,
    startedMs,
    reportedMs: startedMs,
    ...(endedAs === 'HEALED' && { healedMs: endedMs }),
    ...(endedAs === 'CLEARED' && { clearedMs: endedMs, ...(clearedBy !== '' && { clearedBy }) }),
    ...(symptomOf && { cause: { origin: LOCAL, code: symptomOf.rootCauseCode, ruleId: symptomOf.ruleId } }),
    ...(clusterId !== undefined && { clusterId }),
    recordings: same?.recordings ?? [],
    related: known?.related ?? [],
    ...(known?.blocksMotion !== undefined && { blocksMotion: known.blocksMotion }),
  };
}
