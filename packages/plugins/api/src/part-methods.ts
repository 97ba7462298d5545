import type { LogReader, ScriptProvider, ScriptRunner, UpdateProvider } from '@medkit/core';

/** Methods that every update provider must have. */
export const UPDATE_METHODS = [
  'list',
  'get',
  'register',
  'remove',
  'prepare',
  'execute',
] as const satisfies readonly (keyof UpdateProvider)[];

/** Optional methods of an update provider. */
export const OPTIONAL_UPDATE_METHODS = [
  'rollBack',
  'confirm',
  'progress',
  'resume',
  'unregistered',
] as const satisfies readonly (keyof UpdateProvider)[];

/** Methods that every script provider must have. */
export const SCRIPT_METHODS = [
  ...(['list', 'get', 'upload', 'remove', 'start'] as const),
  ...(['executions', 'execution', 'control', 'removeExecution'] as const),
] as const satisfies readonly (keyof ScriptProvider)[];

/** Methods that every script runner must have. */
export const RUNNER_METHODS = ['start', 'news', 'end'] as const satisfies readonly (keyof ScriptRunner)[];

/** Methods that every log reader must have. */
export const LOG_METHODS = ['list'] as const satisfies readonly (keyof LogReader)[];

/** Returns the `names` that are methods of the part, including methods of its class. Empty if there is no part. */
export function methodsIn(part: object | undefined, names: readonly string[]): readonly string[] {
  return names.filter((name) => typeof (part as Readonly<Record<string, unknown>> | undefined)?.[name] === 'function');
}
