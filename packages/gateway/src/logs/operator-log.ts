import type { Environment } from '../config/index.ts';

/** Priorities of the journal (sd-daemon(3)). */
const PRIORITIES = { error: 3, warn: 4, info: 6, debug: 7 } as const;

/** Writes a line for the operator. As a `Log`, it has no debug lines. */
export type OperatorLog = (level: keyof typeof PRIORITIES, message: string) => void;

/** Identifies a file on this machine. */
interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
}

/**
 * Returns a log that writes to standard error. If that is the systemd journal, each line begins with its priority,
 * which the journal removes: `journalctl -p warning` then finds the problems.
 */
export function operatorLog(
  environment: Environment,
  standardError: FileIdentity,
  write: (line: string) => void,
): OperatorLog {
  const isJournal = environment['JOURNAL_STREAM'] === `${standardError.dev}:${standardError.ino}`;
  return (level, message) => {
    const prefix = isJournal ? `<${PRIORITIES[level]}>` : '';
    // Messages contain node names, and a terminal interprets control characters.
    for (const line of message.split('\n')) write(`${prefix}medkit: ${level}: ${line.replaceAll(/\p{Cc}/gu, ' ')}\n`);
  };
}
