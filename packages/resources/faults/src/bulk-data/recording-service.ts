import { SovdError } from '@medkit/contract';
import {
  type CallContext,
  type Entity,
  FAULT_MANAGER_ID,
  FAULT_STATUSES,
  type Fault,
  type FileSource,
  type Model,
  type RecordingSource,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { type BulkDataFile, type EvidenceFiles, failedMembers, noSuchItem } from '@medkit/entities';
import { type FaultOwner, managerError, managersOf, queryManagers } from '../service/fault-managers.ts';
import { type FaultScope, faultScope } from '../service/fault-sources.ts';
import { mediaTypeOf, recordingDescriptor } from './recording-descriptor.ts';

export interface RecordingServiceOptions {
  readonly model: Model;
  readonly clock: Clock;
}

const READ_FAILED = 'Failed to get recordings';

/**
 * Returns whether a client's text is a valid name of a recording or its file. Only such names are passed to a fault
 * manager.
 */
const isName = (text: string): boolean => /^[\w.-]{1,200}$/.test(text) && !text.includes('..');

/** Returns the recording that a file belongs to, by the file's name, or `undefined` if the name does not fit. */
const recordingOfFile = (name: string): string | undefined => /^(.+)_\d+\.(?:db3|mcap)$/.exec(name)?.[1];

/** A recording, and those of its faults in the scope of the entity. */
interface ScopedRecording {
  readonly recording: RecordingSource;
  readonly faults: readonly Fault[];
}

/**
 * The recordings of faults as bulk data of the entities that reported them. A file is found by the name of its
 * recording, by a fault code (the newest recording), or by its own name. If a recording has several files, the first
 * two return its first file.
 */
export function createRecordingService({ model, clock }: RecordingServiceOptions): EvidenceFiles {
  /** Returns the faults of an entity by code, including cleared ones: their recordings may be stored. */
  const faultsOf = async (
    { provider, origin }: FaultOwner,
    entity: Entity,
    call: CallContext,
    by: keyof FaultScope,
  ) => {
    const scope = faultScope(model.tree, entity, origin);
    const { faults } = await provider.list(FAULT_MANAGER_ID, { statuses: FAULT_STATUSES, includeMuted: true }, call);
    return new Map(faults.flatMap(({ fault }) => (scope[by](fault) ? [[fault.code, fault] as const] : [])));
  };
  const listed = async (manager: FaultOwner, entity: Entity, call: CallContext) => {
    const faults = await faultsOf(manager, entity, call, 'has');
    const sources = [...new Set([...faults.values()].flatMap((fault) => fault.sources))];
    if (sources.length === 0) return [];
    const recordings = await manager.provider.recordings(FAULT_MANAGER_ID, sources, call);
    return recordings.flatMap((recording) => inScope(recording, recording.faultCodes, faults));
  };
  const found = async (manager: FaultOwner, entity: Entity, id: string, call: CallContext) => {
    const recording = await manager.provider.recording(FAULT_MANAGER_ID, id, call);
    if (recording === undefined) return [];
    const faults = await faultsOf(manager, entity, call, 'concerns');
    // A recording found by a fault code belongs to that fault; an old manager does not name the faults of a recording.
    const byCode = recording.id !== id;
    const codes = recording.faultCodes.length === 0 ? [id] : recording.faultCodes;
    return byCode && !faults.has(id) ? [] : inScope(recording, codes, faults);
  };
  const ask = (
    entity: Entity,
    call: CallContext,
    question: (manager: FaultOwner, call: CallContext) => Promise<readonly ScopedRecording[]>,
  ) => queryManagers({ owners: managersOf(model, entity), clock, call, failure: READ_FAILED }, question);
  const find = async (entity: Entity, id: string, call: CallContext): Promise<RecordingSource | undefined> => {
    const { entries, silent } = await ask(entity, call, (manager, memberCall) =>
      found(manager, entity, id, memberCall),
    );
    const [first] = entries;
    if (first === undefined && silent[0]) throw managerError(silent[0].error, READ_FAILED);
    return first?.entry.recording;
  };

  return {
    list: async (entity, call) => {
      const { entries, silent } = await ask(entity, call, (manager, memberCall) => listed(manager, entity, memberCall));
      const items = await Promise.all(
        entries.map(async ({ entry: { recording, faults } }) =>
          // A recording that this gateway cannot read is still listed.
          recordingDescriptor(recording, faults, {
            files: await recording.files().catch(() => []),
            summary: await recording.summary?.().catch(() => undefined),
          }),
        ),
      );
      return {
        items,
        'x-medkit': {
          total_count: items.length,
          ...failedMembers(silent),
        },
      };
    },
    file: async (entity, id, call) => {
      if (!isName(id)) throw noSuchItem(entity, id);
      const recording = await find(entity, id, call);
      if (recording) {
        const [file] = await opened(recording);
        if (file === undefined) throw noSuchItem(entity, id);
        return bulkDataFile(`${recording.id}.${recording.format}`, recording, file);
      }
      const whole = recordingOfFile(id);
      const named = whole === undefined ? undefined : await find(entity, whole, call);
      const files = named && named.id === whole ? await opened(named) : [];
      const file = files.find(({ name }) => name === id);
      if (named === undefined || file === undefined) throw noSuchItem(entity, id);
      return bulkDataFile(file.name, named, file);
    },
  };
}

function inScope(
  recording: RecordingSource,
  codes: readonly string[],
  byCode: ReadonlyMap<string, Fault>,
): readonly ScopedRecording[] {
  const faults = codes.flatMap((code) => byCode.get(code) ?? []);
  return faults.length > 0 ? [{ recording, faults }] : [];
}

/** Returns the files of a recording. Throws `internal-error` if they exist but cannot be read. */
async function opened(recording: RecordingSource): Promise<readonly FileSource[]> {
  try {
    return await recording.files();
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const message = `The recording ${recording.id} cannot be read (${code}): check the owner and permissions of its files`;
    throw new SovdError({ code: 'internal-error', message });
  }
}

function bulkDataFile(name: string, { format }: RecordingSource, file: FileSource): BulkDataFile {
  return { name, mimetype: mediaTypeOf(format), size: file.size, tag: file.tag, read: (range) => file.read(range) };
}
