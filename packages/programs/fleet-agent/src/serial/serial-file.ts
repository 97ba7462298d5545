import { type Files, turns, type WritableFiles } from '@medkit/edges';
import { FIRST_IDS, type HeaderIds, isHeaderIds } from './header-ids.ts';

/** What an agent stores for its later processes. */
export interface SerialRecord {
  /** The first ids that a later process may use. */
  readonly nextIds: HeaderIds;
  /** The last messages in which the agent said that it is ONLINE: the broker may still store one of them. */
  readonly online: readonly string[];
  /** The upper half of each `headerId` of an earlier version of medkit, until the agent says that it is ONLINE. */
  readonly series?: number;
  /** Another client came while this one was sole: when (ISO 8601, UTC), and what was heard. */
  readonly ceded?: { readonly at: string; readonly why: string };
}

export interface SerialFile {
  /** What an earlier process kept, or a new record, which is then kept. Says what was wrong, where something was. */
  read(): Promise<{ readonly record: SerialRecord; readonly problem?: string }>;
  /** Gives why it could not be kept, where it could not. */
  write(record: SerialRecord): Promise<string | undefined>;
}

/** More is none of ours: a record has some hundred octets. */
const MAX_BYTES = 64 * 1024;

/** The record at `path`. One that is missing or damaged counts as none. */
export function serialFile(
  path: string,
  files: Pick<Files, 'readText' | 'stateOf'> & Pick<WritableFiles, 'replaceText'>,
): SerialFile {
  const write = async (record: SerialRecord): Promise<string | undefined> => {
    try {
      await files.replaceText(path, `${JSON.stringify(record, undefined, 2)}\n`);
      return undefined;
    } catch (error) {
      return `${path} could not be written, so that a restart does not know of this: ${(error as Error).message}`;
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
        damage = `${path} cannot be read and counts as none: ${(error as Error).message}`;
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
  if (state.bytes > MAX_BYTES) throw new Error(`it has ${state.bytes} octets`);
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

/** Messages with ONLINE that are stored: the broker has the last one, or one before it if that was lost on the way. */
const MAX_ONLINE = 4;

/** The record of a running agent. */
export interface RunningRecord {
  readonly record: SerialRecord;
  /** Stores a change after the changes before it. Resolves when it is stored, or `onProblem` was called with why not. */
  change(change: (record: SerialRecord) => SerialRecord): Promise<void>;
}

export function runningRecord(
  first: SerialRecord,
  file: SerialFile,
  onProblem: (problem: string) => void,
): RunningRecord {
  const inTurn = turns();
  let record = first;
  return {
    get record() {
      return record;
    },
    change(change) {
      record = change(record);
      return inTurn(async () => {
        const problem = await file.write(record);
        if (problem !== undefined) onProblem(problem);
      });
    },
  };
}

/** The record after the agent has said that it is ONLINE. */
export function withOnline({ series: _, ...record }: SerialRecord, text: string): SerialRecord {
  return { ...record, online: [...record.online, text].slice(-MAX_ONLINE) };
}

/** The record if no other client is known. */
export function withoutCeded({ ceded: _, ...record }: SerialRecord): SerialRecord {
  return record;
}
