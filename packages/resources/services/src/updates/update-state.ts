import { type GenericError, SovdError, type UpdateStatus } from '@medkit/contract';
import type { UpdateMetadata, UpdateProgress } from '@medkit/core';

/** What can be asked of an update; `automated` is both of the first two. */
export type UpdateAction = 'prepare' | 'execute' | 'automated' | 'rollBack';
/** What is done at a time. */
export type UpdateStep = 'prepare' | 'execute' | 'rollBack';

/** Where an update stands. */
export interface UpdateState {
  readonly phase: UpdateStatus['x-medkit']['phase'];
  /** `pending` where nothing was asked of it yet, or where what was asked waits for its turn. */
  readonly status: UpdateStatus['status'];
  /** Why it failed. */
  readonly error?: GenericError;
}

/** Of an update that was registered and never touched. */
export const UNTOUCHED: UpdateState = { phase: 'none', status: 'pending' };

export const DELETING: UpdateState = { phase: 'deleting', status: 'inProgress' };

const PHASES = {
  prepare: { during: 'preparing', after: 'prepared' },
  execute: { during: 'executing', after: 'executed' },
  rollBack: { during: 'executing', after: 'executed' },
} as const;

/** The steps of an action, in their order. */
export function stepsOf(action: UpdateAction): readonly UpdateStep[] {
  return action === 'automated' ? ['prepare', 'execute'] : [action];
}

/** A step that waits for its turn. */
export function waiting(step: UpdateStep): UpdateState {
  return { phase: PHASES[step].during, status: 'pending' };
}

/** A step that has begun. */
export function underWay(step: UpdateStep): UpdateState {
  return { phase: PHASES[step].during, status: 'inProgress' };
}

/** A step that went well. */
export function completed(step: UpdateStep): UpdateState {
  return { phase: PHASES[step].after, status: 'completed' };
}

/** Something that did not. Of an error that is none for clients only its message is kept. */
export function failed(error: unknown): UpdateState {
  if (error instanceof SovdError) return { phase: 'failed', status: 'failed', error: error.body() };
  const message = `Exception: ${error instanceof Error ? error.message : String(error)}`;
  return { phase: 'failed', status: 'failed', error: { error_code: 'internal-error', message } };
}

/** True while a task works on it, or waits to. */
export function isBusy({ phase }: UpdateState): boolean {
  return phase === 'preparing' || phase === 'executing' || phase === 'deleting';
}

/** Throws why an update that stands like this cannot be acted on. */
export function assertPossible(state: UpdateState, action: UpdateAction | 'delete', metadata: UpdateMetadata): void {
  const { id } = metadata;
  if (isBusy(state)) {
    const message = `${id} is ${state.phase} at the moment: wait until that has ended`;
    throw new SovdError({ code: 'x-medkit-update-in-progress', message, parameters: { phase: state.phase } });
  }
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
 * What is left of a state when the gateway was ended in it: what only waited has not begun, a prepare that was cut off is to
 * be repeated. `undefined` where whoever installs it has to say.
 */
export function afterRestart(state: UpdateState): UpdateState | undefined {
  if (!isBusy(state)) return state;
  if (state.phase === 'deleting') return undefined;
  if (state.status === 'pending') return state.phase === 'executing' ? completed('prepare') : UNTOUCHED;
  if (state.phase === 'executing') return undefined;
  const message = 'The gateway ended while the update was being prepared: prepare it again';
  return failed(new SovdError({ code: 'service-unavailable', message }));
}

/** A state as clients see it. */
export function updateStatus({ phase, status, error }: UpdateState, progress?: UpdateProgress): UpdateStatus {
  return {
    status,
    ...(progress && { progress: wholePercent(progress.percent) }),
    ...(progress?.steps && {
      sub_progress: progress.steps.map(({ name, percent }) => ({ name, progress: wholePercent(percent) })),
    }),
    ...(error && { error: error.message }),
    'x-medkit-phase': phase,
    'x-medkit': { phase, ...(error && { error }) },
  };
}

/** 100 is for what has ended. */
function wholePercent(percent: number): number {
  return Number.isFinite(percent) ? Math.floor(Math.min(100, Math.max(0, percent))) : 0;
}
