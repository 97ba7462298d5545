/** What a person said of an incident; kept with the occurrence that it was the root of, so that it goes where that goes. */
export interface IncidentRecord {
  /** Key of the occurrence. */
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly by: string;
  readonly said:
    | { readonly is: 'acknowledged' | 'released' | 'closed' | 'reopened' }
    | { readonly is: 'note'; readonly text: string }
    /** Occurrences of one label are one incident, those of different ones never. */
    | { readonly is: 'label'; readonly label: string };
}

/** What people have said of one incident, as it counts. */
export interface Standing {
  readonly acknowledged?: IncidentRecord;
  readonly closed?: IncidentRecord;
  readonly notes: readonly { readonly atMs: number; readonly by: string; readonly text: string }[];
}

/** @param records of its occurrences, in the order in which they were made */
export function standingOf(records: readonly IncidentRecord[]): Standing {
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
