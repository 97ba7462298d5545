import type { CaptureIntent } from '../storage/capture-intent.ts';
import { combineChanges, type FaultChange } from '../storage/fault-change.ts';

/** Maximum pending changes. It takes a full disk and reports in quick succession to have any. */
const MAX_PENDING = 1000;

/** The parts of a refused change for one fault, without the fault itself. */
export interface PendingChange {
  readonly faultCode: string;
  readonly rest: FaultChange;
  /** True if a change that builds on it is on disk, so that it must be written too. */
  readonly due: boolean;
}

/**
 * Collects what is missing on disk if a change was refused but a later change built on it was written. The disk then
 * has the fault as the later change left it, but not the event, occurrence and capture of the earlier one.
 */
export class PendingChanges {
  #owed: readonly PendingChange[] = [];

  /**
   * Records a refused change; the faults in `undone` were reset to their stored state. Returns the captures to abandon.
   */
  refused(change: FaultChange, undone: ReadonlySet<string>): readonly CaptureIntent[] {
    const isLost = ({ faultCode, due }: PendingChange): boolean => !due && undone.has(faultCode);
    const codes = new Set(change.faults.map(({ code }) => code));
    const added = [...codes].map((faultCode) => ({ faultCode, rest: restOf(change, faultCode), due: false }));
    const all = [...this.#owed, ...added];
    const remaining = all.filter((owed) => !isLost(owed));
    this.#owed = remaining.slice(0, MAX_PENDING);
    return [...all.filter(isLost), ...remaining.slice(MAX_PENDING)].flatMap(({ rest }) => rest.captures ?? []);
  }

  /** Records a written change: pending changes of its faults become due, unless the change includes them. */
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

  /**
   * Takes the due changes of faults without a running write: a running write must not be overtaken by an older change.
   */
  take(isSettled: (faultCode: string) => boolean): readonly PendingChange[] {
    if (this.#owed.length === 0) return [];
    const isDue = ({ faultCode, due }: PendingChange): boolean => due && isSettled(faultCode);
    const taken = this.#owed.filter(isDue);
    this.#owed = this.#owed.filter((owed) => !isDue(owed));
    return taken;
  }

  /** Puts changes back that were refused again. Returns the captures to abandon for lack of room. */
  putBack(taken: readonly PendingChange[]): readonly CaptureIntent[] {
    const all = [...taken, ...this.#owed];
    this.#owed = all.slice(0, MAX_PENDING);
    return all.slice(MAX_PENDING).flatMap(({ rest }) => rest.captures ?? []);
  }
}

/** Combines pending changes into one. */
export function changeOf(owed: readonly PendingChange[]): FaultChange {
  return combineChanges(owed.map(({ rest }) => rest));
}

/**
 * Returns the parts of a change for one fault. The later change has the fault itself, and a refused clear removes no
 * snapshots.
 */
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

/** Returns what is still pending once `later` is written. Near misses and audit records are independent of it. */
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
    // An update adds nothing to a later event. A confirmation is announced late rather than never, unless a later
    // confirmation or clear replaces it.
    events: rest.events?.filter(
      ({ type, fault: { code } }) =>
        !events.some((one) => one.fault.code === code && (type === 'fault_updated' || one.type !== 'fault_updated')),
    ),
  };
}
