import type { Log } from '@medkit/core';
import type { Environment } from '../config/index.ts';

/** Priorities of the journal (sd-daemon(3)). */
const PRIORITIES: Readonly<Record<Parameters<Log>[0], number>> = { error: 3, warn: 4, info: 6 };

/** A file as the system tells one from all others. */
interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
}

/**
 * Lines for the operator, written to standard error. Where that is the journal of systemd, each begins with its priority,
 * which the journal takes away: `journalctl -p warning` then finds what is wrong.
 */
export function operatorLog(environment: Environment, standardError: FileIdentity, write: (line: string) => void): Log {
  const isJournal = environment['JOURNAL_STREAM'] === `${standardError.dev}:${standardError.ino}`;
  return (level, message) => {
    const prefix = isJournal ? `<${PRIORITIES[level]}>` : '';
    // Names of nodes stand in them, and a terminal acts on control characters.
    for (const line of message.split('\n')) write(`${prefix}medkit: ${level}: ${line.replaceAll(/\p{Cc}/gu, ' ')}\n`);
  };
}
