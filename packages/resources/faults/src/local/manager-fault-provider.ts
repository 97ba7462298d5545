import { SovdError } from '@medkit/contract';
import {
  type ExplainedFault,
  type Fault,
  type FaultList,
  type FaultOccurrence,
  type FaultProvider,
  type FaultSnapshot,
  type FreezeFrame,
  memoizeByObject,
  type RecordingSource,
} from '@medkit/core';
import { StoreError } from '@medkit/store';
import type { EvidenceRegistry } from '../evidence/evidence-registry.ts';
import { recentValues } from '../evidence/recent-values.ts';
import type { FaultList as ManagersList } from '../manager/fault-query.ts';
import type { Occurrence } from '../occurrences/occurrence.ts';
import type { CatalogueRecording } from '../recordings/catalogue/recording-rows.ts';
import type { OpenFaultManager } from './open-fault-manager.ts';
import { recordingOf, storedEvidence } from './stored-evidence.ts';

/** Creates the provider of medkit's own fault manager. */
export function managerFaultProvider(
  opened: OpenFaultManager,
  recordsOf: EvidenceRegistry['recordsOf'] = () => undefined,
  sampler?: EvidenceRegistry['sampler'],
): Omit<FaultProvider, 'report'> {
  const { manager, correlation, recordings } = opened;
  const explained = (fault: Fault): ExplainedFault => ({
    fault,
    thresholds: fault.sources.map((source) => {
      const { band, prefix } = manager.thresholdsOf(source);
      return { source, ...band, ...(prefix !== undefined && { override: prefix }) };
    }),
  });
  const source = (recording: CatalogueRecording): RecordingSource => ({
    ...recordingOf(recording),
    files: () => recordings.files(recording),
    summary: () => recordings.summary(recording),
  });
  // Cached like the manager's list, which is the same object until a fault changes, so that callers can cache results
  // too.
  const correlateList = memoizeByObject(
    ({ faults, muted, clusters }: ManagersList): FaultList => ({ faults: faults.map(explained), muted, clusters }),
  );
  /** Returns the record of a fault that its runtime records itself. It is current and never cached. */
  const recorded = async (fault: Fault, frames?: readonly FreezeFrame[]): Promise<Pick<ExplainedFault, 'record'>> => {
    const records = recordsOf(fault);
    if (!records) return {};
    const freezeFrames = frames ?? (await stored(() => storedEvidence(opened, fault.code))).filter(isFrame);
    return { record: records.of(fault, freezeFrames) };
  };
  const recordedList = async ({ faults, ...list }: FaultList): Promise<FaultList> => {
    const faultsWithRecord = faults.map(async (each) => ({ ...each, ...(await recorded(each.fault)) }));
    return { ...list, faults: await Promise.all(faultsWithRecord) };
  };
  return {
    list: (_, query) => {
      const list = manager.list(query);
      return list.faults.some(recordsOf) ? recordedList(correlateList(list)) : correlateList(list);
    },
    get: async (_, code) => {
      const fault = manager.get(code);
      if (fault === undefined) return undefined;
      const muted = correlation.mutedSymptoms().find(({ faultCode }) => faultCode === code);
      const symptomOf = correlation.symptomOf(code);
      const cluster = correlation.clusters().find(({ faultCodes }) => faultCodes.includes(code));
      const [snapshots, logs, occurrences] = await stored(() =>
        Promise.all([storedEvidence(opened, code), opened.logs.of(code), manager.occurrences(code)]),
      );
      const missing = occurrences.find(({ number }) => number === fault.occurrenceCount)?.missing;
      return {
        ...explained(fault),
        ...(await recorded(fault, snapshots.filter(isFrame))),
        ...(muted && { muted }),
        ...(symptomOf && { symptomOf }),
        ...(cluster && { cluster }),
        snapshots,
        ...(logs.length > 0 && { logs }),
        ...(missing && { missing }),
      };
    },
    occurrences: (_, code) => stored(async () => (await manager.occurrences(code)).map(occurrenceOf)),
    clear: (_, code, { cascade }, { clientId: client }) =>
      stored(async () => (await manager.clear(code, { cascade, client })).cleared),
    recordings: (_, sources) => stored(async () => (await recordings.ofSources(sources)).map(source)),
    recording: (_, idOrCode) =>
      stored(async () => {
        const found = await recordings.find(idOrCode);
        return found && source(found);
      }),
    ...(sampler && { recent: (_, channel, query) => recentValues({ recordings, sampler }, channel, query) }),
    eventsAfter: (_, id, limit) => stored(() => manager.eventsAfter(id, limit)),
    eventsOf: (_, query) => stored(() => manager.eventsOf(query)),
  };
}

const isFrame = (snapshot: FaultSnapshot): snapshot is FreezeFrame => snapshot.kind === 'freeze_frame';

function occurrenceOf({ endedNs, endedAs, faultCode: _, ...occurrence }: Occurrence): FaultOccurrence {
  return { ...occurrence, clearedAtNs: endedAs === 'CLEARED' ? endedNs : 0n };
}

/** Runs `work`, and converts a store error to an error for the client. */
async function stored<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError) throw new SovdError({ code: 'service-unavailable', message: error.message });
    throw error;
  }
}
