import type { LogSeverity } from '@medkit/contract';

/** How grave a log line can be, the least first. */
export const SEVERITIES = ['debug', 'info', 'warning', 'error', 'fatal'] as const satisfies readonly LogSeverity[];

/** Which severity of a fault a log line is as grave as, 0 to 3; 0 for a word that is none. */
export function severityLevel(severity: string): 0 | 1 | 2 | 3 {
  switch (severity) {
    case 'warning':
      return 1;
    case 'error':
      return 2;
    case 'fatal':
      return 3;
    default:
      return 0;
  }
}
