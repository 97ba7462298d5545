import { type Files, taskQueue, type WritableFiles } from '@medkit/edges';
import { FIRST_IDS, type HeaderIds, isHeaderIds } from './header-ids.ts';

/** What an agent stores for its later processes. */
export interface SerialRecord {
  /** The first ids that a later process may use. */
  readonly nextIds: HeaderIds;
  /** The last ONLINE messages of the agent: the broker may still retain one of them. */
  readonly online: readonly string[];
  /** Upper half of every `headerId` in records of earlier medkit versions, until the agent publishes ONLINE. */
  readonly series?: number;
  /** Another client appeared while this agent was `sole`: time (ISO 8601, UTC) and evidence. */
  readonly ceded?: { readonly at: string; readonly why: string };
}

export interface SerialFile {
  /** Reads the record of an earlier process, or stores a new one. Returns the problem of a damaged record. */
  read(): Promise<{ readonly record: SerialRecord; readonly problem?: string }>;
  /** Stores the record. Resolves to the reason of a failure. */
  write(record: SerialRecord): Promise<string | undefined>;
}

/** Maximum file size: a record has some hundred bytes. */
const MAX_BYTES = 64 * 1024;

/** Returns access to the record file at `path`. A missing or damaged file counts as empty. */
export function serialFile(
  path: string,
  files: Pick<Files, 'readText' | 'stateOf'> & Pick<WritableFiles, 'replaceText'>,
): SerialFile {
  const write = async (record: SerialRecord): Promise<string | undefined> => {
    try {
      await files.replaceText(path, `${JSON.stringify(record, undefined, 2)}\n`);
      return undefined;
    } catch (error) {
      return `cannot write ${path}, so that the agent starts without this record: ${(error as Error).message}`;
    }
  };
  return {
    write,
    async read() {
      let damage: string | undefined;
      try {
        const record = await readRecord(path, files);
        if (record !== undefined) return { record };
      } catch (error) {
        damage = `cannot read ${path}, which counts as empty: ${(error as Error).message}`;
      }
      const record = { nextIds: FIRST_IDS, online: [] };
      const problem = (await write(record)) ?? damage;
      return { record, ...(problem !== undefined && { problem }) };
    },
  };
}

async function readRecord(path: string, files: Pick<Files, 'readText' | 'stateOf'>): Promise<SerialRecord | undefined> {
  const state = await files.stateOf(path);
  if (state === undefined) return undefined;
  if (state.bytes > MAX_BYTES) throw new Error(`it has ${state.bytes} bytes, more than ${MAX_BYTES}`);
  const found: unknown = JSON.parse((await files.readText(path, { regularOnly: true })) ?? '');
  const { nextIds, online = [], series, ceded } = (found ?? {}) as Readonly<Record<string, unknown>>;
  if (!isHeaderIds(nextIds) && !Number.isInteger(series)) throw new Error('it has no nextIds');
  return {
    nextIds: isHeaderIds(nextIds) ? nextIds : FIRST_IDS,
    online: Array.isArray(online) ? online.map(String) : [],
    ...(Number.isInteger(series) && { series: Number(series) }),
    ...(isCeded(ceded) && { ceded: { at: String(ceded.at), why: String(ceded.why) } }),
  };
}

const isCeded = (value: unknown): value is { readonly at: unknown; readonly why: unknown } =>
  typeof value === 'object' && value !== null;

/** Stored ONLINE messages: the broker retains the last one, or an earlier one if that was lost. */
const MAX_ONLINE = 4;

/** The record of a running agent. */
export interface RunningRecord {
  readonly record: SerialRecord;
  /** Stores a change after earlier changes. Resolves when it is stored, or when `onProblem` was called. */
  change(change: (record: SerialRecord) => SerialRecord): Promise<void>;
}

export function runningRecord(
  first: SerialRecord,
  file: SerialFile,
  onProblem: (problem: string) => void,
): RunningRecord {
  const scheduleWork = taskQueue();
  let record = first;
  return {
    get record() {
      return record;
    },
    change(change) {
      record = change(record);
      return scheduleWork(async () => {
        const problem = await file.write(record);
        if (problem !== undefined) onProblem(problem);
      });
    },
  };
}

/** Returns the record with a published ONLINE message. */
export function withOnline({ series: _, ...record }: SerialRecord, text: string): SerialRecord {
  return { ...record, online: [...record.online, text].slice(-MAX_ONLINE) };
}

/** Returns the record without the evidence of another client. */
export function withoutCeded({ ceded: _, ...record }: SerialRecord): SerialRecord {
  return record;
}
