/** Diagnostic scripts of a robot: their files, the processes that run them, and the history of executions. */
export type { ScriptDatabase } from './executions/execution-storage.ts';
export { SCRIPT_TABLES } from './executions/execution-tables.ts';
export { matchesOwner } from './library/managed-script.ts';
export { openScripts, type ParameterCheck, type ScriptsOptions } from './open-scripts.ts';
export { createExecutionList } from './recent-executions/execution-service.ts';
export { bubblewrapRunner } from './runner/bubblewrap-runner.ts';
export { RUNNERS } from './runner/choose-runner.ts';
export {
  createScriptService,
  type ScriptExecutionPath,
  type ScriptPath,
  type ScriptService,
} from './service/script-service.ts';
