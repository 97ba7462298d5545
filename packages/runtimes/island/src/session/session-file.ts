import { createHash } from 'node:crypto';
import { errorMessage, type Log, oncePerKey, parseJson, stringifyJson } from '@medkit/core';
import type { Files, WritableFiles } from '@medkit/edges';
import { type Declaration, readDeclaration, type SessionMark } from '@medkit/ingest';

/** Stored state of the last received session. */
export interface StoredSession {
  readonly declaration: Declaration;
  /** Messages up to this mark are not accepted again. Absent if the key has changed. */
  readonly mark?: SessionMark;
  /** The gateway shut down regularly: nothing was received after the mark. */
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
  /** Returns the stored session. Returns `undefined` if there is none, or if it cannot be read; the error is logged. */
  read(): Promise<StoredSession | undefined>;
  /**
   * Stores the session, or a newer one: while one is being written, only the newest waits. Returns `true` when it is on
   * disk; otherwise logs the error. Never rejects.
   */
  keep(session: Required<StoredSession>): Promise<boolean>;
}

/**
 * Stores the last session in a small file. A mark belongs to its key: with a different key, a runtime may start over.
 */
export function sessionFile({ path, files, key, log }: SessionFileOptions): SessionFile {
  const keyName = key ? createHash('sha256').update(key).digest('hex').slice(0, 16) : 'none';
  const isNews = oncePerKey();
  const complain = (error: unknown): void => {
    const reason = errorMessage(error);
    if (isNews(reason)) log('error', `cannot store the last session of the island in ${path}: ${reason}`);
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
        return text === undefined ? undefined : parseSession(text, keyName);
      } catch (error) {
        log(
          'error',
          `cannot read the last session of the island from ${path}, starting without it: ${errorMessage(error)}`,
        );
        return undefined;
      }
    },
    keep: ({ declaration, mark, isLast }) => {
      const { session, timeUs, occurrences } = mark;
      const record = {
        key: keyName,
        session: String(session),
        time_us: String(timeUs),
        occurrences,
        is_last: isLast,
        declaration,
      };
      latest = `${stringifyJson(record as never)}\n`;
      waiting ??= writing.then(() => {
        waiting = undefined;
        writing = write(latest);
        return writing;
      });
      return waiting;
    },
  };
}

function parseSession(text: string, keyName: string): StoredSession {
  const { key, session, time_us, occurrences, is_last, declaration } = parseJson(text) as Record<string, unknown>;
  const read = readDeclaration(declaration);
  if ('problem' in read) throw new Error(read.problem);
  if (key !== keyName) return { declaration: read.declaration, isLast: false };
  if (!Array.isArray(occurrences)) throw new Error('the field occurrences is not a list');
  const mark = {
    session: BigInt(String(session)),
    timeUs: BigInt(String(time_us)),
    occurrences: occurrences.map(Number),
  };
  return { declaration: read.declaration, mark, isLast: is_last === true };
}
