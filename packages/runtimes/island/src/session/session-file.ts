import { createHash } from 'node:crypto';
import { type Log, notedOnce, parseJson, reasonOf, stringifyJson } from '@medkit/core';
import type { Files, WritableFiles } from '@medkit/edges';
import { type Declaration, readDeclaration, type SessionMark } from '@medkit/ingest';

/** What outlives a gateway of the session that it heard last. */
export interface KeptSession {
  readonly declaration: Declaration;
  /** Nothing at or before it is taken again. Absent where another key is in force now. */
  readonly mark?: SessionMark;
  /** The gateway ended in order: nothing was heard after the mark. */
  readonly isLast: boolean;
}

export interface SessionFileOptions {
  /** Absolute. */
  readonly path: string;
  readonly files: Pick<Files, 'readText'> & Pick<WritableFiles, 'replaceText'>;
  readonly key: Uint8Array | undefined;
  readonly log: Log;
}

/** The last session of an island on disk. */
export interface SessionFile {
  /** What was kept; `undefined` where nothing was, or it cannot be read, which is said. */
  read(): Promise<KeptSession | undefined>;
  /**
   * Keeps this, or what was to be kept after it: while one is written only the newest of the others waits. True once it is on disk;
   * where that fails it is said. Never rejects.
   */
  keep(session: Required<KeptSession>): Promise<boolean>;
}

/** Keeps the last session in a small file. A mark belongs to its key: with another one a runtime may begin anew. */
export function sessionFile({ path, files, key, log }: SessionFileOptions): SessionFile {
  const keyName = key ? createHash('sha256').update(key).digest('hex').slice(0, 16) : 'none';
  const isNews = notedOnce();
  const complain = (error: unknown): void => {
    const why = reasonOf(error);
    if (isNews(why)) log('error', `what an island said last cannot be kept in ${path}: ${why}`);
  };
  let latest = '';
  let writing = Promise.resolve(true);
  let waiting: Promise<boolean> | undefined;
  const write = async (text: string): Promise<boolean> => {
    try {
      await files.replaceText(path, text);
      return true;
    } catch (error) {
      complain(error);
      return false;
    }
  };
  return {
    read: async () => {
      try {
        const text = await files.readText(path);
        return text === undefined ? undefined : keptIn(text, keyName);
      } catch (error) {
        log(
          'error',
          `what an island said last cannot be read from ${path}, it is as if it had never been heard: ${reasonOf(error)}`,
        );
        return undefined;
      }
    },
    keep: ({ declaration, mark, isLast }) => {
      const { session, timeUs, occurrences } = mark;
      const kept = {
        key: keyName,
        session: String(session),
        time_us: String(timeUs),
        occurrences,
        is_last: isLast,
        declaration,
      };
      latest = `${stringifyJson(kept as never)}\n`;
      waiting ??= writing.then(() => {
        waiting = undefined;
        writing = write(latest);
        return writing;
      });
      return waiting;
    },
  };
}

function keptIn(text: string, keyName: string): KeptSession {
  const { key, session, time_us, occurrences, is_last, declaration } = parseJson(text) as Record<string, unknown>;
  const read = readDeclaration(declaration);
  if ('problem' in read) throw new Error(read.problem);
  if (key !== keyName) return { declaration: read.declaration, isLast: false };
  if (!Array.isArray(occurrences)) throw new Error('it has no list of occurrences');
  const mark = {
    session: BigInt(String(session)),
    timeUs: BigInt(String(time_us)),
    occurrences: occurrences.map(Number),
  };
  return { declaration: read.declaration, mark, isLast: is_last === true };
}
