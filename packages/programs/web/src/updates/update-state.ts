import type { UpdateStatus } from '@medkit/contract';
import type { InstallFacts } from './install-facts.ts';

/** The state of an update as one word. */
export type UpdateLabel =
  | 'registered'
  | 'queued'
  | 'preparing'
  | 'prepared'
  | 'executing'
  | 'inUse'
  | 'executed'
  | 'rolledBack'
  | 'refused'
  | 'failed'
  | 'deleting';

export type UpdateAction = 'prepare' | 'execute' | 'automate' | 'rollBack' | 'delete';

/** Returns whether a task of the update is running or waiting. */
export function isBusy({ 'x-medkit': { phase } }: UpdateStatus): boolean {
  return phase === 'preparing' || phase === 'executing' || phase === 'deleting';
}

/** Returns the state of an update. */
export function labelOf(id: string, status: UpdateStatus, { inUse }: InstallFacts): UpdateLabel {
  const { phase, error } = status['x-medkit'];
  switch (phase) {
    case 'none':
      return 'registered';
    case 'executed':
      return inUse === id ? 'inUse' : 'executed';
    case 'failed':
      if (error?.vendor_code === 'x-medkit-update-rolled-back') return 'rolledBack';
      return error?.vendor_code === 'x-medkit-update-refused' ? 'refused' : 'failed';
    case 'preparing':
    case 'executing':
      return status.status === 'pending' ? 'queued' : phase;
    default:
      return phase;
  }
}

/** Returns the possible actions on an update, the usual next one first. */
export function actionsOf(label: UpdateLabel, isAutomated: boolean): readonly UpdateAction[] {
  switch (label) {
    case 'registered':
    case 'rolledBack':
    case 'refused':
    case 'failed':
      return [...(isAutomated ? (['automate'] as const) : []), 'prepare', 'delete'];
    case 'prepared':
      return ['execute', 'delete'];
    case 'executed':
      return ['rollBack', 'prepare', 'delete'];
    default:
      return [];
  }
}

/** Why an update was refused, failed or was rolled back. */
export interface UpdateProblem {
  /** Keyword of the reason, such as `digest` or `fault`. */
  readonly reason?: string;
  readonly message: string;
  readonly faultCodes: readonly string[];
  /** The release that is in use after a rollback. */
  readonly inUse?: string;
}

/** Returns the problem of a failed update; `undefined` if it has not failed. */
export function problemOf({ error: message, 'x-medkit': { error } }: UpdateStatus): UpdateProblem | undefined {
  const text = error?.message ?? message;
  if (typeof text !== 'string') return undefined;
  const { reason, fault_codes, in_use } = Object(error?.parameters);
  return {
    message: text,
    faultCodes: Array.isArray(fault_codes) ? fault_codes.map(String) : [],
    ...(typeof reason === 'string' && { reason }),
    ...(typeof in_use === 'string' && { inUse: in_use.replace(/^releases\//, '') }),
  };
}
