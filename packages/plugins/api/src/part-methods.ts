import type { LogReader, ScriptProvider, ScriptRunner, UpdateProvider } from '@medkit/core';

/** What everything that installs updates can do. */
export const UPDATE_METHODS = [
  'list',
  'get',
  'register',
  'remove',
  'prepare',
  'execute',
] as const satisfies readonly (keyof UpdateProvider)[];

/** What a provider of updates can do besides, or leave. */
export const MORE_UPDATE_METHODS = [
  'rollBack',
  'progress',
  'resume',
  'unregistered',
] as const satisfies readonly (keyof UpdateProvider)[];

/** What everything that has scripts can do. */
export const SCRIPT_METHODS = [
  ...(['list', 'get', 'upload', 'remove', 'start'] as const),
  ...(['executions', 'execution', 'control', 'removeExecution'] as const),
] as const satisfies readonly (keyof ScriptProvider)[];

/** What everything that runs scripts can do. */
export const RUNNER_METHODS = ['start', 'news', 'end'] as const satisfies readonly (keyof ScriptRunner)[];

/** What everything that logs are read from can do. */
export const LOG_METHODS = ['list'] as const satisfies readonly (keyof LogReader)[];

/** Those of `names` that a part has, by itself or by its class; none where there is no part. */
export function methodsIn(part: object | undefined, names: readonly string[]): readonly string[] {
  return names.filter((name) => typeof (part as Readonly<Record<string, unknown>> | undefined)?.[name] === 'function');
}
