import type { Log } from '@medkit/core';
import type { Notice } from '@medkit/documents';

/** Logs a notice about the faults. */
export function logNotice(log: Log, { level, text }: Notice): void {
  log(level === 'warning' ? 'warn' : level, text);
}
