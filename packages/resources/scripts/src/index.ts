/** Diagnostic scripts of a robot: their files, the processes that run them, and the history of executions. */
export type { ScriptDatabase } from './executions/execution-storage.ts';
export { SCRIPT_TABLES } from './executions/execution-tables.ts';
export { matchesOwner } from './library/managed-script.ts';
export { openScripts, type ParameterCheck, type Scripts, type ScriptsOptions } from './open-scripts.ts';
export { bubblewrapRunner, type Confinement } from './runner/bubblewrap-runner.ts';
export { RUNNERS } from './runner/choose-runner.ts';
export type { PluginRunner } from './runner/plugin-runner.ts';
export type { Runner } from './runner/runner.ts';
export { isScriptId } from './script-id.ts';
