import type { CallContext } from './call-context.ts';
import type { JsonObject, JsonValue } from './data-provider.ts';

/** One script of an entity. */
export interface ScriptEntry {
  /** 1 to 256 characters of `[A-Za-z0-9_-]`, unique on its entity. */
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** True where it belongs to the robot: nobody can delete it. */
  readonly managed: boolean;
  /** JSON Schema of its parameters. */
  readonly parametersSchema?: JsonValue;
  /** SHA-256 of its content, hexadecimal, where that is known. */
  readonly digest?: string;
  /** Seconds after which an execution is ended. */
  readonly timeoutSec?: number;
}

/** A script that a client gives to an entity. */
export interface ScriptUpload {
  /** As the client calls its file: the id comes from its stem, what runs it from its extension. */
  readonly filename: string;
  readonly content: Uint8Array;
  readonly name?: string;
  readonly description?: string;
  readonly parametersSchema?: JsonObject;
  /** Who uploads it, for its share of the places; absent if only their number bounds it. */
  readonly uploader?: string;
}

/** How a client wants a script to be run. */
export interface ScriptStart {
  /** `now`; a provider may have others. */
  readonly executionType: string;
  readonly parameters: JsonValue | undefined;
  readonly proximityResponse?: string;
}

/** Why an execution did not come to a good end. */
export type ScriptFailure =
  | 'exit-code'
  | 'signal'
  | 'timed-out'
  | 'stopped'
  | 'too-much-output'
  | 'not-started'
  | 'runner-lost'
  | 'gateway-ended';

/** What became of one execution so far. */
export interface ScriptExecution {
  /** `exec_001`; unique on its script. */
  readonly id: string;
  readonly status: 'prepared' | 'running' | 'completed' | 'failed' | 'terminated';
  /** Percent, as the script says; absent where it says nothing. */
  readonly progress?: number;
  /** Milliseconds since the epoch, each absent as long as it is not known. */
  readonly startedMs?: number;
  readonly completedMs?: number;
  /** What it gives: its output as JSON where it is that, else as text. */
  readonly result?: JsonValue;
  readonly error?: { readonly reason: ScriptFailure; readonly message: string };
  readonly exitCode?: number;
  readonly output?: ScriptOutput;
  readonly errors?: ScriptOutput;
  /** `X-Client-Id` of whoever started it, where there was one. */
  readonly clientId?: string;
  /** SHA-256 of what ran, hexadecimal. */
  readonly digest?: string;
  /** What ran it: `plain`, `bubblewrap`, or the name of a plugin. */
  readonly runner?: string;
}

/** An execution among those of all scripts of an entity. */
export interface RecentScriptExecution {
  readonly scriptId: string;
  readonly execution: ScriptExecution;
}

/** One stream of a script. */
export interface ScriptOutput {
  readonly text: string;
  /** True where more was written than is kept. */
  readonly truncated: boolean;
}

/** How an execution is ended: `stop` lets it finish what it must, `forced_termination` does not. */
export const SCRIPT_ACTIONS = ['stop', 'forced_termination'] as const;
export type ScriptAction = (typeof SCRIPT_ACTIONS)[number];

/**
 * Serves the scripts of a runtime's entities and runs them. Failures are thrown as `SovdError`: `resource-not-found` for a
 * script or an execution that is none of the entity, and the codes `x-medkit-script-…`. All of it is plain data, so that a
 * provider may be in a process of its own.
 */
export interface ScriptProvider {
  list(nativeId: string, call: CallContext): Promise<readonly ScriptEntry[]>;
  get(nativeId: string, scriptId: string, call: CallContext): Promise<ScriptEntry>;
  upload(nativeId: string, script: ScriptUpload, call: CallContext): Promise<ScriptEntry>;
  remove(nativeId: string, scriptId: string, call: CallContext): Promise<void>;
  /** Resolves once it is on its way. */
  start(nativeId: string, scriptId: string, start: ScriptStart, call: CallContext): Promise<ScriptExecution>;
  /** Those under way and those that are remembered, the newest first, without what they wrote. */
  executions(nativeId: string, scriptId: string, call: CallContext): Promise<readonly ScriptExecution[]>;
  /** Those of all scripts of an entity. Absent: each script is asked for its own. */
  recent?(nativeId: string, call: CallContext): Promise<readonly RecentScriptExecution[]>;
  execution(nativeId: string, scriptId: string, executionId: string, call: CallContext): Promise<ScriptExecution>;
  /** Resolves with the execution when it has ended. */
  control(
    nativeId: string,
    scriptId: string,
    executionId: string,
    action: ScriptAction,
    call: CallContext,
  ): Promise<ScriptExecution>;
  /** Forgets an execution that is over. */
  removeExecution(nativeId: string, scriptId: string, executionId: string, call: CallContext): Promise<void>;
}
