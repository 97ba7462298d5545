import { FAULT_SEVERITIES, type FaultListResult, type FaultStreamEvent } from '@medkit/contract';
import { selectFairly } from '@medkit/edges';
import { faultKey, LOCAL_ORIGIN, type ReportedFault, reportedFault } from './reported-fault.ts';

/** Maximum number of faults, far more than a fleet needs. Beyond it, the most severe are stored, shared between sources. */
const MAX_ACTIVE = 1024;

interface Standing {
  readonly fault: ReportedFault;
  readonly isSymptom: boolean;
}

/** Consequence of an event: nothing new, a fault has ended, or the list must be read. */
export type Consequence = 'nothing' | 'gone' | 'read';

/**
 * Confirmed faults, from lists and the events between them. An event removes an ended fault immediately; a list that was
 * requested earlier does not restore it. A symptom stays a symptom while it is active, even if its root cause ends.
 */
export class ActiveFaults {
  #standing: ReadonlyMap<string, Standing> = new Map();
  /** Occurrences that ended since the pending list was requested, by key. */
  #ended: Map<string, number> | undefined;
  #isComplete = true;

  /** Faults that no other fault explains. */
  get roots(): readonly ReportedFault[] {
    return [...this.#standing.values()].filter(({ isSymptom }) => !isSymptom).map(({ fault }) => fault);
  }

  /** All confirmed faults, including symptoms. */
  get all(): readonly ReportedFault[] {
    return [...this.#standing.values()].map(({ fault }) => fault);
  }

  /** False while gateways do not answer: their faults may have ended, and no event reports when they return. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Called when a list is requested. */
  beginList(): void {
    this.#ended = new Map();
  }

  /** Called if the list could not be read. */
  dropList(): void {
    this.#ended = undefined;
  }

  /** Applies the requested list. Returns true if anything changed. */
  takeList({ items, 'x-medkit': about }: FaultListResult): boolean {
    const before = this.#standing;
    const wasComplete = this.#isComplete;
    const ended = this.#ended;
    this.#ended = undefined;
    const faults = items.map((item) => reportedFault(item)).filter(({ status }) => status === 'CONFIRMED');
    const listed = mostSevere(faults.filter((fault) => !isOver(fault, ended))).map((fault): [string, Standing] => {
      const key = faultKey(fault);
      const known = before.get(key);
      const wasSymptom = known?.isSymptom === true && known.fault.occurrence === fault.occurrence;
      return [key, { fault, isSymptom: wasSymptom || fault.symptomOf !== undefined || fault.mutedBy !== undefined }];
    });
    const isSilent = silence(about);
    const retained = isSilent ? [...before].filter(([, { fault }]) => isSilent(fault) && !isOver(fault, ended)) : [];
    this.#standing = new Map([...retained, ...listed].slice(-MAX_ACTIVE));
    this.#isComplete = isSilent === undefined && faults.every(({ asOf }) => asOf === undefined);
    return wasComplete !== this.#isComplete || !isSame(before, this.#standing);
  }

  /** Applies an event of the stream. */
  apply(event: FaultStreamEvent): Consequence {
    const fault = reportedFault(event.fault, event['x-medkit-origin'] ?? undefined);
    const key = faultKey(fault);
    const known = this.#standing.get(key);
    if (event.event_type === 'fault_healed' || event.event_type === 'fault_cleared') {
      const ended = [key, ...(event.auto_cleared_codes ?? []).map((code) => faultKey({ ...fault, code }))];
      for (const one of ended) this.#noteEnd(one, one === key ? fault.occurrence : Number.POSITIVE_INFINITY);
      // A late event about an occurrence before the active one.
      if (known && fault.occurrence < known.fault.occurrence) return 'read';
      return this.#remove(ended) ? 'gone' : 'nothing';
    }
    // Repeated reports of a known fault cause no requests.
    return event.event_type === 'fault_updated' && known && isAsKnown(fault, known.fault) ? 'nothing' : 'read';
  }

  #noteEnd(key: string, occurrence: number): void {
    this.#ended?.set(key, Math.max(this.#ended.get(key) ?? 0, occurrence));
  }

  #remove(keys: readonly string[]): boolean {
    if (!keys.some((key) => this.#standing.has(key))) return false;
    const left = new Map(this.#standing);
    for (const key of keys) left.delete(key);
    this.#standing = left;
    return true;
  }
}

function isOver(fault: ReportedFault, ended: ReadonlyMap<string, number> | undefined): boolean {
  const occurrence = ended?.get(faultKey(fault));
  return occurrence !== undefined && fault.occurrence <= occurrence;
}

function mostSevere(faults: readonly ReportedFault[]): readonly ReportedFault[] {
  if (faults.length <= MAX_ACTIVE) return faults;
  const rank = ({ severity }: ReportedFault) => FAULT_SEVERITIES.names.indexOf(severity);
  const sorted = faults.toSorted((a, b) => rank(b) - rank(a));
  return selectFairly(sorted, MAX_ACTIVE, ownerOf);
}

/** Faults of another gateway count for that gateway, because it chooses the names of its sources. */
function ownerOf({ origin, sources: [source = ''] }: ReportedFault): string {
  return origin === LOCAL_ORIGIN ? `source ${source}` : `gateway ${origin}`;
}

/** Returns a predicate for faults whose part of the list is missing, or `undefined` if the list is complete. */
function silence(about: FaultListResult['x-medkit']): ((fault: ReportedFault) => boolean) | undefined {
  if (about?.partial !== true) return undefined;
  const peers = about.failed_peers ?? [];
  const isLocalSilent = (about.failed_members ?? []).some(({ runtime }) => !peers.includes(runtime));
  // An incomplete list that names no missing part may lack any fault.
  if (peers.length === 0 && !isLocalSilent) return () => true;
  return ({ origin }) =>
    origin === LOCAL_ORIGIN ? isLocalSilent : peers.some((peer) => origin === peer || origin.startsWith(`${peer}/`));
}

function isAsKnown(fault: ReportedFault, known: ReportedFault): boolean {
  return (
    fault.status === known.status &&
    fault.occurrence === known.occurrence &&
    fault.severity === known.severity &&
    fault.description === known.description &&
    known.asOf === undefined
  );
}

/** Compares plain data of one function, whose members have a fixed order. */
function isSame(a: ReadonlyMap<string, Standing>, b: ReadonlyMap<string, Standing>): boolean {
  return JSON.stringify([...a.values()]) === JSON.stringify([...b.values()]);
}
