import type { Fault, FaultCluster, FaultOccurrence, FaultSymptom, FaultThresholds } from '../faults/fault.ts';
import { type FaultEvent, streamEventTypes } from '../faults/fault-event.ts';
import type { FaultSnapshot, RecordingSource } from '../faults/fault-evidence.ts';
import type { FaultReport } from '../faults/fault-report.ts';
import type { FaultProvider } from '../providers/fault-provider.ts';

/** Creates a confirmed fault of `/lidar_driver` with the fields that matter to a test. */
export function fault(code: string, fields: Partial<Omit<Fault, 'code'>> = {}): Fault {
  return {
    code,
    severity: 2,
    description: `${code} is wrong`,
    status: 'CONFIRMED',
    counter: -1,
    occurrenceCount: 1,
    sources: ['/lidar_driver'],
    firstOccurredNs: 1_770_201_000_000_000_000n,
    lastOccurredNs: 1_770_201_012_500_000_000n,
    lastPassedNs: 0n,
    confirmedAtNs: 1_770_201_000_000_000_000n,
    healedAtNs: 0n,
    clearedAtNs: 0n,
    clearedBy: '',
    ...fields,
  };
}

/** Creates a fault event with the fields that matter to a test. */
export function faultEvent(id: number, fields: Partial<Omit<FaultEvent, 'id'>> = {}): FaultEvent {
  const of = fault(`FAULT_${id}`);
  return { id, type: 'fault_confirmed', fault: of, timeNs: of.confirmedAtNs, autoClearedCodes: [], ...fields };
}

export interface MemoryFaultsOptions {
  readonly faults?: readonly Fault[];
  readonly muted?: readonly FaultSymptom[];
  readonly clusters?: readonly FaultCluster[];
  /** Evidence of every fault. */
  readonly snapshots?: readonly FaultSnapshot[];
  /** What is missing from the evidence of every fault. */
  readonly missing?: string;
  /** Occurrences of every fault. */
  readonly occurrences?: readonly FaultOccurrence[];
  /** Newest first. */
  readonly recordings?: readonly RecordingSource[];
  readonly thresholds?: readonly FaultThresholds[];
  /** The event log. Events that a test adds later are included. */
  readonly events?: readonly FaultEvent[];
  /** Called with every report. Reports are accepted and change nothing. */
  readonly onReport?: (report: FaultReport) => void;
  /** Runs before every call. To simulate a broken manager, throw in it or never resolve. */
  readonly onCall?: (method: keyof FaultProvider, code?: string) => Promise<void> | void;
}

/** Creates a fault manager for tests. A cleared fault stays, with the status CLEARED. */
export function memoryFaults({
  faults = [],
  muted = [],
  clusters = [],
  snapshots = [],
  missing,
  occurrences = [],
  recordings = [],
  thresholds = [],
  events = [],
  onReport,
  onCall,
}: MemoryFaultsOptions = {}): FaultProvider {
  const byCode = new Map(faults.map((known) => [known.code, known]));
  let symptoms = muted;

  const put = (code: string): void => {
    const known = byCode.get(code);
    if (known) byCode.set(code, { ...known, status: 'CLEARED' });
  };

  return {
    list: async (_nativeId, { statuses, includeMuted }) => {
      await onCall?.('list');
      const hidden = new Set(includeMuted ? [] : symptoms.map(({ faultCode }) => faultCode));
      const listed = [...byCode.values()].filter(({ status, code }) => statuses.includes(status) && !hidden.has(code));
      return { faults: listed.map((known) => ({ fault: known, thresholds })), muted: symptoms, clusters };
    },
    get: async (_nativeId, code) => {
      await onCall?.('get', code);
      const known = byCode.get(code);
      const symptom = symptoms.find(({ faultCode }) => faultCode === code);
      const cluster = clusters.find(({ faultCodes }) => faultCodes.includes(code));
      return (
        known && {
          fault: known,
          thresholds,
          snapshots,
          ...(missing && { missing }),
          ...(symptom && { muted: symptom }),
          ...(cluster && { cluster }),
        }
      );
    },
    report: async (_nativeId, report) => {
      await onCall?.('report', report.code);
      onReport?.(report);
      return true;
    },
    clear: async (_nativeId, code, { cascade }) => {
      await onCall?.('clear', code);
      if (!byCode.has(code)) return false;
      put(code);
      const explained = symptoms.filter(({ rootCauseCode }) => rootCauseCode === code);
      if (cascade) for (const { faultCode } of explained) put(faultCode);
      symptoms = symptoms.filter((symptom) => symptom.faultCode !== code && !explained.includes(symptom));
      return true;
    },
    occurrences: async (_nativeId, code) => {
      await onCall?.('occurrences', code);
      return occurrences;
    },
    recordings: async (_nativeId, sources) => {
      await onCall?.('recordings');
      const reported = (code: string) => byCode.get(code)?.sources.some((source) => sources.includes(source));
      return recordings.filter(({ faultCodes }) => faultCodes.some(reported));
    },
    recording: async (_nativeId, idOrCode) => {
      await onCall?.('recording', idOrCode);
      const named = recordings.find(({ id }) => id === idOrCode);
      return named ?? recordings.find(({ faultCodes }) => faultCodes.includes(idOrCode));
    },
    eventsAfter: async (_nativeId, id, limit) => {
      await onCall?.('eventsAfter');
      return {
        events: events.filter((event) => event.id > id).slice(0, limit),
        oldestId: events[0]?.id ?? 0,
        newestId: events.at(-1)?.id ?? 0,
      };
    },
    eventsOf: async (_nativeId, { types, limit, after }) => {
      await onCall?.('eventsOf');
      const wanted = events.filter((event) => streamEventTypes(event).some((type) => types.includes(type)));
      const ends = { oldestId: events[0]?.id ?? 0, newestId: events.at(-1)?.id ?? 0 };
      if (after === undefined) return { events: limit > 0 ? wanted.slice(-limit) : [], ...ends };
      return { events: wanted.filter((event) => event.id > after).slice(0, limit), ...ends };
    },
  };
}
