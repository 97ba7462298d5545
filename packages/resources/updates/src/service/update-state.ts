import { type GenericError, SovdError, type UpdateStatus } from '@medkit/contract';
import type { UpdateMetadata, UpdateProgress } from '@medkit/core';

/** Actions that a client can request; `automated` is both of the first two. */
export type UpdateAction = 'prepare' | 'execute' | 'automated' | 'rollBack';
/** A single step. */
export type UpdateStep = 'prepare' | 'execute' | 'rollBack';

/** The state of an update. */
export interface UpdateState {
  readonly phase: UpdateStatus['x-medkit']['phase'];
  /** `pending` if no action was requested yet, or if the action waits for its turn. */
  readonly status: UpdateStatus['status'];
  /** Why it failed. */
  readonly error?: GenericError;
}

/** State of an update that was only registered. */
export const UNTOUCHED: UpdateState = { phase: 'none', status: 'pending' };

export const DELETING: UpdateState = { phase: 'deleting', status: 'inProgress' };

const PHASES = {
  prepare: { during: 'preparing', after: 'prepared' },
  execute: { during: 'executing', after: 'executed' },
  rollBack: { during: 'executing', after: 'executed' },
} as const;

/** Returns the steps of an action, in order. */
export function stepsOf(action: UpdateAction): readonly UpdateStep[] {
  return action === 'automated' ? ['prepare', 'execute'] : [action];
}

/** Returns the state of a waiting step. */
export function waiting(step: UpdateStep): UpdateState {
  return { phase: PHASES[step].during, status: 'pending' };
}

/** Returns the state of a running step. */
export function runningState(step: UpdateStep): UpdateState {
  return { phase: PHASES[step].during, status: 'inProgress' };
}

/** Returns the state of a successful step. */
export function completed(step: UpdateStep): UpdateState {
  return { phase: PHASES[step].after, status: 'completed' };
}

/** Returns the state of a failed step. For an error other than `SovdError`, stores only its message. */
export function failed(error: unknown): UpdateState {
  if (error instanceof SovdError) return { phase: 'failed', status: 'failed', error: error.body() };
  const message = `Exception: ${error instanceof Error ? error.message : String(error)}`;
  return { phase: 'failed', status: 'failed', error: { error_code: 'internal-error', message } };
}

/** Returns whether a task is running or waiting. */
function isBusy({ phase }: UpdateState): boolean {
  return phase === 'preparing' || phase === 'executing' || phase === 'deleting';
}

/** Throws `x-medkit-update-in-progress` if a task of the update is running or waiting. */
export function assertIdle(id: string, state: UpdateState): void {
  if (!isBusy(state)) return;
  const message = `${id} is ${state.phase} at the moment: wait until this phase has ended`;
  throw new SovdError({ code: 'x-medkit-update-in-progress', message, parameters: { phase: state.phase } });
}

/** Throws if an action is not possible in this state. */
export function assertPossible(state: UpdateState, action: UpdateAction | 'delete', metadata: UpdateMetadata): void {
  const { id } = metadata;
  assertIdle(id, state);
  if (action === 'execute' && state.phase !== 'prepared') {
    const message = `${id} is not prepared: its phase is ${state.phase}. Prepare it first`;
    throw new SovdError({ code: 'x-medkit-update-not-prepared', message, parameters: { phase: state.phase } });
  }
  if (action === 'automated' && metadata['automated'] !== true) {
    const message = `${id} was not registered with "automated": true: prepare it, then execute it`;
    throw new SovdError({ code: 'x-medkit-update-not-automated', message });
  }
}

/**
 * Returns the state after a restart: a waiting step has not begun, an interrupted prepare must be repeated. Returns
 * `undefined` if the provider must decide.
 */
export function afterRestart(state: UpdateState): UpdateState | undefined {
  if (!isBusy(state)) return state;
  if (state.phase === 'deleting') return undefined;
  if (state.status === 'pending') return state.phase === 'executing' ? completed('prepare') : UNTOUCHED;
  if (state.phase === 'executing') return undefined;
  const message = 'The gateway exited while the update was being prepared: prepare it again';
  return failed(new SovdError({ code: 'service-unavailable', message }));
}

/** Converts a state to the form that the API returns. */
export function updateStatus({ phase, status, error }: UpdateState, progress?: UpdateProgress): UpdateStatus {
  return {
    status,
    ...(progress && { progress: wholePercent(progress.percent) }),
    ...(progress?.steps && {
      sub_progress: progress.steps.map(({ name, percent }) => ({ name, progress: wholePercent(percent) })),
    }),
    ...(error && { error: error.message }),
    'x-medkit-phase': phase,
    'x-medkit': {
      phase,
      ...(error && { error }),
      ...(progress?.confirmRemainingMs !== undefined && {
        confirm_remaining_sec: Math.ceil(progress.confirmRemainingMs / 1000),
      }),
    },
  };
}

/** Rounds down: 100 is reserved for completed steps. */
function wholePercent(percent: number): number {
  return Number.isFinite(percent) ? Math.floor(Math.min(100, Math.max(0, percent))) : 0;
}
