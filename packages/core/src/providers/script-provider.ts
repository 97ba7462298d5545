import type { JsonObject, JsonValue } from '../json/json-object.ts';
import type { CallContext } from './call-context.ts';
import type { ScriptFormat } from './managed-script.ts';

/** One script of an entity. */
export interface ScriptEntry {
  /** 1 to 256 characters of `[A-Za-z0-9_-]`, unique within its entity. */
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** True if the script is part of the robot and cannot be deleted. */
  readonly managed: boolean;
  /** JSON Schema of the parameters. */
  readonly parametersSchema?: JsonValue;
  /** SHA-256 of the content in hexadecimal, if known. */
  readonly digest?: string;
  /** Seconds after which an execution is terminated. */
  readonly timeoutSec?: number;
  readonly format?: ScriptFormat;
  /** Name of the runner of its next execution, if known. */
  readonly runner?: string;
}

/** A script that a client uploads to an entity. */
export interface ScriptUpload {
  /** File name given by the client: its stem becomes the id, its extension selects the interpreter. */
  readonly filename: string;
  readonly content: Uint8Array;
  readonly name?: string;
  readonly description?: string;
  readonly parametersSchema?: JsonObject;
  /** The owner against whose share the upload counts. Absent if only the total number is limited. */
  readonly uploader?: string;
}

/** Options of a script execution. */
export interface ScriptStart {
  /** `now`; a provider may support others. */
  readonly executionType: string;
  readonly parameters: JsonValue | undefined;
  readonly proximityResponse?: string;
}

/** Why an execution failed. */
export type ScriptFailure =
  | 'exit-code'
  | 'signal'
  | 'timed-out'
  | 'stopped'
  | 'too-much-output'
  | 'not-started'
  | 'runner-lost'
  | 'gateway-ended';

/** The state of an execution. */
export interface ScriptExecution {
  /** `exec_001`; unique within its script. */
  readonly id: string;
  readonly status: 'prepared' | 'running' | 'completed' | 'failed' | 'terminated';
  /** Percent, as reported by the script; absent if it reports nothing. */
  readonly progress?: number;
  /** Milliseconds since the epoch, each absent while unknown. */
  readonly startedMs?: number;
  readonly completedMs?: number;
  /** Output of the script: parsed if it is JSON, otherwise as text. */
  readonly result?: JsonValue;
  readonly error?: { readonly reason: ScriptFailure; readonly message: string };
  readonly exitCode?: number;
  readonly output?: ScriptOutput;
  readonly errors?: ScriptOutput;
  /** `X-Client-Id` of the client that started it, if it sent one. */
  readonly clientId?: string;
  /** SHA-256 of the executed script in hexadecimal. */
  readonly digest?: string;
  /** The runner: `plain`, `bubblewrap`, or the name of a plugin. */
  readonly runner?: string;
}

/** An execution in the list of all scripts of an entity. */
export interface RecentScriptExecution {
  readonly scriptId: string;
  readonly execution: ScriptExecution;
}

/** One output stream of a script. */
export interface ScriptOutput {
  readonly text: string;
  /** True if the script wrote more than is stored. */
  readonly truncated: boolean;
}

/** Ways to end an execution: `stop` allows it to clean up, `forced_termination` does not. */
export const SCRIPT_ACTIONS = ['stop', 'forced_termination'] as const;
export type ScriptAction = (typeof SCRIPT_ACTIONS)[number];

/**
 * Stores and runs the scripts of a runtime's entities. Failures are thrown as `SovdError`: `resource-not-found` for a
 * script or execution that the entity does not have, and the codes `x-medkit-script-…`. Uses only plain data, so that a
 * provider can run in a separate process.
 */
export interface ScriptProvider {
  list(nativeId: string, call: CallContext): Promise<readonly ScriptEntry[]>;
  get(nativeId: string, scriptId: string, call: CallContext): Promise<ScriptEntry>;
  upload(nativeId: string, script: ScriptUpload, call: CallContext): Promise<ScriptEntry>;
  remove(nativeId: string, scriptId: string, call: CallContext): Promise<void>;
  /** Resolves once the execution has started. */
  start(nativeId: string, scriptId: string, start: ScriptStart, call: CallContext): Promise<ScriptExecution>;
  /** Returns running and stored executions, newest first, without their output. */
  executions(nativeId: string, scriptId: string, call: CallContext): Promise<readonly ScriptExecution[]>;
  /** Returns the executions of all scripts of an entity. Absent: callers query each script separately. */
  recent?(nativeId: string, call: CallContext): Promise<readonly RecentScriptExecution[]>;
  execution(nativeId: string, scriptId: string, executionId: string, call: CallContext): Promise<ScriptExecution>;
  /** Resolves with the execution once it has ended. */
  control(
    nativeId: string,
    scriptId: string,
    executionId: string,
    action: ScriptAction,
    call: CallContext,
  ): Promise<ScriptExecution>;
  /** Deletes the record of an ended execution. */
  removeExecution(nativeId: string, scriptId: string, executionId: string, call: CallContext): Promise<void>;
}
