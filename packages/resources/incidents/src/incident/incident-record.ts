/**
 * What a user said about an incident. It is stored with the root occurrence, so that it follows the occurrence to
 * another incident.
 */
export interface IncidentRecord {
  /** Occurrence key. */
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly by: string;
  readonly said:
    | { readonly is: 'acknowledged' | 'released' | 'closed' | 'reopened' }
    | { readonly is: 'note'; readonly text: string }
    /** Occurrences with the same label are one incident, those with different labels never. */
    | { readonly is: 'label'; readonly label: string };
}

/** The current result of what users said about one incident. */
export interface ReviewState {
  readonly acknowledged?: IncidentRecord;
  readonly closed?: IncidentRecord;
  readonly notes: readonly { readonly atMs: number; readonly by: string; readonly text: string }[];
}

/**
 * Evaluates records.
 * @param records the records of the incident's occurrences, oldest first
 */
export function evaluateRecords(records: readonly IncidentRecord[]): ReviewState {
  const last = (first: string, second: string): IncidentRecord | undefined => {
    const found = records.findLast(({ said }) => said.is === first || said.is === second);
    return found?.said.is === first ? found : undefined;
  };
  const acknowledged = last('acknowledged', 'released');
  const closed = last('closed', 'reopened');
  return {
    ...(acknowledged && { acknowledged }),
    ...(closed && { closed }),
    notes: records.flatMap(({ said, atMs, by }) => (said.is === 'note' ? [{ atMs, by, text: said.text }] : [])),
  };
}
