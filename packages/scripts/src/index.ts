/** Scripts that diagnose a robot: their files, the processes that run them, and what became of every execution. */
export type { ScriptDatabase } from './executions/execution-storage.ts';
export { SCRIPT_TABLES } from './executions/execution-tables.ts';
export { openScripts, type ParameterCheck, type Scripts, type ScriptsOptions } from './open-scripts.ts';
export { bubblewrapRunner, type Confinement } from './runner/bubblewrap-runner.ts';
export { RUNNERS, type RunnerChoice } from './runner/choose-runner.ts';
export type { Runner } from './runner/runner.ts';
export { isScriptId } from './script-id.ts';
