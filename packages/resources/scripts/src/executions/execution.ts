import type { ScriptExecution, ScriptFailure } from '@medkit/core';

/** A script of an entity. */
export interface ScriptRef {
  /** `apps/lidar_driver` */
  readonly owner: string;
  readonly scriptId: string;
}

/** What is known of an execution, without what it wrote. */
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

/** What an execution wrote. */
export type ExecutionOutput = Required<Pick<ScriptExecution, 'output' | 'errors'>>;

/** The script, in one word. */
export function keyOf({ owner, scriptId }: ScriptRef): string {
  return `${owner}/${scriptId}`;
}

/** `exec_001` */
export function executionId({ number }: Pick<ExecutionFacts, 'number'>): string {
  return `exec_${String(number).padStart(3, '0')}`;
}

/** The number of an id; `undefined` for a text that is none. */
export function executionNumber(id: string): number | undefined {
  const digits = /^exec_(\d{3,15})$/.exec(id)?.[1];
  const number = Number(digits);
  return digits !== undefined && executionId({ number }) === id ? number : undefined;
}

export function isUnderWay({ status }: Pick<ExecutionFacts, 'status'>): boolean {
  return status === 'prepared' || status === 'running';
}

export const NOTHING_WRITTEN: ExecutionOutput = {
  output: { text: '', truncated: false },
  errors: { text: '', truncated: false },
};
