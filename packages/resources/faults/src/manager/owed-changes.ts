import type { CaptureIntent } from '../storage/capture-intent.ts';
import { combineChanges, type FaultChange } from '../storage/fault-change.ts';

/** Refused steps of faults that are remembered. It takes a full disk and reports in quick succession to owe any. */
export const MAX_OWED = 1000;

/** What a refused change said of one fault, beyond the fault itself. */
export interface Owed {
  readonly faultCode: string;
  readonly rest: FaultChange;
  /** What was built on it is on disk, and so it must not be missing. */
  readonly due: boolean;
}

/**
 * What is missing on disk where a change was refused and a later one, built on it before that was known, was not: the fault
 * is there as the later one left it, but not the event, the occurrence and the capture of the step before.
 */
export class OwedChanges {
  #owed: readonly Owed[] = [];

  /**
   * A change was refused, and of its faults those in `undone` stand again as they are stored. Gives the captures that come
   * to nothing.
   */
  refused(change: FaultChange, undone: ReadonlySet<string>): readonly CaptureIntent[] {
    const isLost = ({ faultCode, due }: Owed): boolean => !due && undone.has(faultCode);
    const codes = new Set(change.faults.map(({ code }) => code));
    const added = [...codes].map((faultCode) => ({ faultCode, rest: restOf(change, faultCode), due: false }));
    const all = [...this.#owed, ...added];
    const kept = all.filter((owed) => !isLost(owed));
    this.#owed = kept.slice(0, MAX_OWED);
    return [...all.filter(isLost), ...kept.slice(MAX_OWED)].flatMap(({ rest }) => rest.captures ?? []);
  }

  /** A change is on disk: what was owed of its faults is due, as far as the change does not stand for it. */
  written(change: FaultChange): void {
    if (this.#owed.length === 0) return;
    const codes = new Set(change.faults.map(({ code }) => code));
    const forgotten = new Set(change.forgotten);
    this.#owed = this.#owed
      .filter(({ faultCode }) => !forgotten.has(faultCode))
      .map(({ faultCode, rest, due }) => ({
        faultCode,
        rest: after(rest, change),
        due: due || codes.has(faultCode),
      }));
  }

  /** Takes what is due of faults of which nothing is on its way: it would come behind what it is older than. */
  take(isSettled: (faultCode: string) => boolean): readonly Owed[] {
    if (this.#owed.length === 0) return [];
    const isDue = ({ faultCode, due }: Owed): boolean => due && isSettled(faultCode);
    const taken = this.#owed.filter(isDue);
    this.#owed = this.#owed.filter((owed) => !isDue(owed));
    return taken;
  }

  /** What was taken was refused again. Gives the captures for which there is no more room. */
  putBack(taken: readonly Owed[]): readonly CaptureIntent[] {
    const all = [...taken, ...this.#owed];
    this.#owed = all.slice(0, MAX_OWED);
    return all.slice(MAX_OWED).flatMap(({ rest }) => rest.captures ?? []);
  }
}

/** What is owed as one change. */
export function changeOf(owed: readonly Owed[]): FaultChange {
  return combineChanges(owed.map(({ rest }) => rest));
}

/** The fault itself is in what was built on it, and a clear that was refused takes no snapshots with it. */
function restOf(change: FaultChange, code: string): FaultChange {
  const ofFault = <T extends { readonly faultCode: string }>(rows: readonly T[] = []): readonly T[] =>
    rows.filter(({ faultCode }) => faultCode === code);
  return {
    faults: [],
    nearMisses: ofFault(change.nearMisses),
    occurrences: ofFault(change.occurrences),
    captures: ofFault(change.captures),
    pending: ofFault(change.pending),
    events: (change.events ?? []).filter(({ fault }) => fault.code === code),
    audit: ofFault(change.audit),
  };
}

/** What stays owed once `later` is written. Near misses and audit records stand by themselves. */
function after(rest: FaultChange, later: FaultChange): FaultChange {
  const { occurrences = [], events = [], withoutSnapshots = [], withoutPending = [] } = later;
  const isCaptured = ({ faultCode }: CaptureIntent): boolean => !withoutSnapshots.includes(faultCode);
  return {
    ...rest,
    occurrences: rest.occurrences?.filter(
      ({ faultCode, number }) => !occurrences.some((one) => one.faultCode === faultCode && one.number === number),
    ),
    captures: rest.captures?.filter(isCaptured),
    pending: rest.pending?.filter((each) => isCaptured(each) && !withoutPending.includes(each.captureId)),
    // An update says no more than the next event; a fault that came is told late rather than never, unless it is gone.
    events: rest.events?.filter(
      ({ type, fault: { code } }) =>
        !events.some((one) => one.fault.code === code && (type === 'fault_updated' || one.type !== 'fault_updated')),
    ),
  };
}
