/** Scripts that diagnose a robot: their files, the processes that run them, and what became of every execution. */
export type { ScriptFormat } from './script-format.ts';
