import type { LogSeverity } from '@medkit/contract';

/** Log severities, lowest first. */
export const SEVERITIES = ['debug', 'info', 'warning', 'error', 'fatal'] as const satisfies readonly LogSeverity[];

/** Maps a log severity to a fault severity from 0 to 3; 0 for unknown values. */
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
