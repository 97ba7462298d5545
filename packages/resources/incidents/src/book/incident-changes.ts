import { type IncidentChange, type IncidentSplit, SovdError } from '@medkit/contract';
import { LOCAL } from '@medkit/core';
import { rootOf } from '../grouping/group.ts';
import type { IncidentRecord } from '../incident/incident-record.ts';
import { faultKey, occurrenceKey } from '../occurrence/occurrence.ts';
import type { IncidentEntry } from './incident-entry.ts';

/** Maximum notes of one incident; longer texts belong elsewhere. */
const MAX_NOTES = 200;

/** The user and the time of a change. */
export interface ChangeAuthor {
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** Returns the records to store for a change; empty if nothing changes. Throws `precondition-not-fulfilled`. */
export function changeRecords(
  { group, standing, incident }: IncidentEntry,
  { acknowledged, note, state }: IncidentChange,
  { by, atMs }: ChangeAuthor,
): readonly IncidentRecord[] {
  const key = occurrenceKey(rootOf(group));
  const records: IncidentRecord[] = [];
  const say = (said: IncidentRecord['said']) => records.push({ key, atMs, by, said });
  if (typeof acknowledged === 'boolean' && acknowledged !== (standing.acknowledged !== undefined))
    say({ is: acknowledged ? 'acknowledged' : 'released' });
  if (typeof note === 'string') {
    if (standing.notes.length >= MAX_NOTES) {
      throw new SovdError({
        code: 'precondition-not-fulfilled',
        message: `The incident ${incident.id} already has ${MAX_NOTES} notes, the maximum`,
      });
    }
    say({ is: 'note', text: note });
  }
  if (state === 'closed' && incident.state !== 'closed') say({ is: 'closed' });
  if (state === 'open' && incident.state === 'closed') say({ is: 'reopened' });
  return records;
}

/** Returns the records to store for merging several incidents. `label` must be unused. */
export function mergeRecords(
  entries: readonly IncidentEntry[],
  label: string,
  saying: ChangeAuthor,
): readonly IncidentRecord[] {
  return entries.flatMap(({ group }) =>
    group.members.map(({ occurrence }) => labelled(occurrenceKey(occurrence), label, saying)),
  );
}

/**
 * Returns the records to store for splitting faults off an incident. `labels` must be two unused labels. Throws
 * `invalid-parameter` if a fault is not part of the incident, or if no fault would be left.
 */
export function splitRecords(
  { group, incident }: IncidentEntry,
  { faults }: IncidentSplit,
  labels: readonly [rest: string, split: string],
  saying: ChangeAuthor,
): readonly IncidentRecord[] {
  const known = new Map(group.members.map(({ occurrence }) => [faultKey(occurrence), occurrence]));
  const wanted = new Set<string>();
  for (const { fault_code: code, origin } of faults) {
    const exact = faultKey({ code, origin: origin ?? LOCAL });
    // Without a gateway, the fault of this gateway is meant, otherwise the only one with this code.
    const alike = origin ? [] : [...known].filter(([, occurrence]) => occurrence.code === code);
    const key = known.has(exact) || alike.length !== 1 ? exact : alike[0]![0];
    if (!known.has(key)) {
      const message = `The fault ${code}${origin ? ` of ${origin}` : ''} does not belong to the incident ${incident.id}`;
      throw new SovdError({ code: 'invalid-parameter', message, parameters: { parameter: 'faults', value: code } });
    }
    wanted.add(key);
  }
  if (wanted.size === known.size) {
    const message = `Cannot move all faults of the incident ${incident.id}: at least one must remain`;
    throw new SovdError({ code: 'invalid-parameter', message, parameters: { parameter: 'faults' } });
  }
  return group.members.map(({ occurrence }) =>
    labelled(occurrenceKey(occurrence), labels[wanted.has(faultKey(occurrence)) ? 1 : 0], saying),
  );
}

function labelled(key: string, label: string, { by, atMs }: ChangeAuthor): IncidentRecord {
  return { key, atMs, by, said: { is: 'label', label } };
}
