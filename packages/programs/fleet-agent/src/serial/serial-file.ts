import type { Files, Random, WritableFiles } from '@medkit/edges';
import { drawSeries, isSeries } from './header-series.ts';

/** What an agent keeps for its later processes. */
export interface SerialRecord {
  /** See header-series.ts. */
  readonly series: number;
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
  random: Random,
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
      const record = { series: drawSeries(random) };
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
  const { series, ceded } = (found ?? {}) as { readonly series?: unknown; readonly ceded?: unknown };
  if (!isSeries(series)) throw new Error('it has no series');
  if (ceded === undefined) return { series };
  const { at, why } = (ceded ?? {}) as { readonly at?: unknown; readonly why?: unknown };
  return { series, ceded: { at: String(at), why: String(why) } };
}
