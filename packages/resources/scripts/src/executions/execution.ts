import type { ScriptExecution, ScriptFailure } from '@medkit/core';

/** A script of an entity. */
export interface ScriptRef {
  /** `apps/lidar_driver` */
  readonly owner: string;
  readonly scriptId: string;
}

/** An execution without its output. */
export interface ExecutionFacts extends ScriptRef {
  /** Counts from 1 for each script. */
  readonly number: number;
  readonly status: ScriptExecution['status'];
  readonly progress?: number;
  readonly startedMs: number;
  readonly completedMs?: number;
  readonly exitCode?: number;
  readonly error?: { readonly reason: ScriptFailure; readonly message: string };
  readonly clientId: string;
  readonly digest: string;
  readonly runner: string;
}

/** The output of an execution. */
export type ExecutionOutput = Required<Pick<ScriptExecution, 'output' | 'errors'>>;

/** Returns a map key for a script. */
export function keyOf({ owner, scriptId }: ScriptRef): string {
  return `${owner}/${scriptId}`;
}

/** Returns the id of an execution: `exec_001` */
export function executionId({ number }: Pick<ExecutionFacts, 'number'>): string {
  return `exec_${String(number).padStart(3, '0')}`;
}

/** Returns the number in an id; `undefined` if the text is no id. */
export function executionNumber(id: string): number | undefined {
  const digits = /^exec_(\d{3,15})$/.exec(id)?.[1];
  const number = Number(digits);
  return digits !== undefined && executionId({ number }) === id ? number : undefined;
}

export function isRunning({ status }: Pick<ExecutionFacts, 'status'>): boolean {
  return status === 'prepared' || status === 'running';
}

export const NOTHING_WRITTEN: ExecutionOutput = {
  output: { text: '', truncated: false },
  errors: { text: '', truncated: false },
};
