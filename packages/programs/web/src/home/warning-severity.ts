import type { HealthWarning } from '@medkit/contract';

const LEVELS: Readonly<Record<NonNullable<HealthWarning['severity']>, number>> = { info: 0, warning: 1, error: 2 };

/** The severity of a warning as those of faults are counted, from 0; one that says none is a warning. */
export function severityOfWarning(severity: HealthWarning['severity']): number {
  return severity ? LEVELS[severity] : 1;
}
