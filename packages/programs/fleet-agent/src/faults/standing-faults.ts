import type { FaultListResult, FaultStreamEvent } from '@medkit/contract';
import { sharedPlaces } from '@medkit/edges';
import { SEVERITIES } from '../rules/rule.ts';
import { faultKey, LOCAL_ORIGIN, type ReportedFault, reportedFault } from './reported-fault.ts';

/** Far beyond what a fleet is told of one robot; of more the gravest are kept, and each source leaves room to others. */
const MAX_STANDING = 1024;

interface Standing {
  readonly fault: ReportedFault;
  readonly isSymptom: boolean;
}

/** What an event means: nothing new, a fault is gone, or the list is to be read. */
export type Consequence = 'nothing' | 'gone' | 'read';

/**
 * The faults that are confirmed, by lists and by the events between them. What is over goes at once, by the event alone, and a list that
 * was asked for before does not bring it back. A symptom stays one as long as it stands, whatever becomes of what explained it.
 */
export class StandingFaults {
  #standing: ReadonlyMap<string, Standing> = new Map();
  /** What ended since the list was asked for that is under way: the occurrence, by key. */
  #ended: Map<string, number> | undefined;
  #isComplete = true;

  /** Those that no other one explains. */
  get roots(): readonly ReportedFault[] {
    return [...this.#standing.values()].filter(({ isSymptom }) => !isSymptom).map(({ fault }) => fault);
  }

  /** All that are confirmed, symptoms as well. */
  get all(): readonly ReportedFault[] {
    return [...this.#standing.values()].map(({ fault }) => fault);
  }

  /** False while gateways did not answer, so that what is known of theirs may be over: no event tells when they are back. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** A list is asked for. */
  beginList(): void {
    this.#ended = new Map();
  }

  /** The list did not come. */
  dropList(): void {
    this.#ended = undefined;
  }

  /** The list that was asked for; true where it changes anything. */
  takeList({ items, 'x-medkit': about }: FaultListResult): boolean {
    const before = this.#standing;
    const wasComplete = this.#isComplete;
    const ended = this.#ended;
    this.#ended = undefined;
    const faults = items.map((item) => reportedFault(item)).filter(({ status }) => status === 'CONFIRMED');
    const listed = gravest(faults.filter((fault) => !isOver(fault, ended))).map((fault): [string, Standing] => {
      const key = faultKey(fault);
      const known = before.get(key);
      const wasSymptom = known?.isSymptom === true && known.fault.occurrence === fault.occurrence;
      return [key, { fault, isSymptom: wasSymptom || fault.symptomOf !== undefined || fault.mutedBy !== undefined }];
    });
    const isSilent = silence(about);
    const kept = isSilent ? [...before].filter(([, { fault }]) => isSilent(fault) && !isOver(fault, ended)) : [];
    this.#standing = new Map([...kept, ...listed].slice(-MAX_STANDING));
    this.#isComplete = isSilent === undefined && faults.every(({ asOf }) => asOf === undefined);
    return wasComplete !== this.#isComplete || !isSame(before, this.#standing);
  }

  /** What the stream tells. */
  hear(event: FaultStreamEvent): Consequence {
    const fault = reportedFault(event.fault, event['x-medkit-origin'] ?? undefined);
    const key = faultKey(fault);
    const known = this.#standing.get(key);
    if (event.event_type === 'fault_healed' || event.event_type === 'fault_cleared') {
      const ended = [key, ...(event.auto_cleared_codes ?? []).map((code) => faultKey({ ...fault, code }))];
      for (const one of ended) this.#noteEnd(one, one === key ? fault.occurrence : Number.POSITIVE_INFINITY);
      // Told late: of an occurrence before the one that stands.
      if (known && fault.occurrence < known.fault.occurrence) return 'read';
      return this.#remove(ended) ? 'gone' : 'nothing';
    }
    // A source that reports its fault again and again makes no requests.
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

function gravest(faults: readonly ReportedFault[]): readonly ReportedFault[] {
  const rank = ({ severity }: ReportedFault) => SEVERITIES.indexOf(severity);
  const isCrowded = faults.length > MAX_STANDING;
  return isCrowded
    ? sharedPlaces(
        faults.toSorted((a, b) => rank(b) - rank(a)),
        MAX_STANDING,
        ownerOf,
      )
    : faults;
}

/** Another gateway names the sources of its faults as it likes: they count for the gateway. */
function ownerOf({ origin, sources: [source = ''] }: ReportedFault): string {
  return origin === LOCAL_ORIGIN ? `source ${source}` : `gateway ${origin}`;
}

/** Whose part of a list is missing; `undefined` where nobody's is. */
function silence(about: FaultListResult['x-medkit']): ((fault: ReportedFault) => boolean) | undefined {
  if (about?.partial !== true) return undefined;
  const peers = about.failed_peers ?? [];
  const isOwnSilent = (about.failed_members ?? []).some(({ runtime }) => !peers.includes(runtime));
  // A list that is not whole and does not say whose part is missing may lack any.
  if (peers.length === 0 && !isOwnSilent) return () => true;
  return ({ origin }) =>
    origin === LOCAL_ORIGIN ? isOwnSilent : peers.some((peer) => origin === peer || origin.startsWith(`${peer}/`));
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

/** Plain data made by one function: its members stand in one order. */
function isSame(a: ReadonlyMap<string, Standing>, b: ReadonlyMap<string, Standing>): boolean {
  return JSON.stringify([...a.values()]) === JSON.stringify([...b.values()]);
}
