import type { JsonValue } from '../json/json-object.ts';
import type { CallContext } from './call-context.ts';
import type { NativeTerms } from './data-provider.ts';

/** One operation of an entity. */
export interface OperationEntry {
  /** Unique within its entity, and stable. */
  readonly id: string;
  /** Name that requests can use if no other operation of the entity has it. */
  readonly name: string;
  /** Display title, such as `Set the speed` for `set_speed`. */
  readonly title?: string;
  /** True if invoking it starts an execution that continues after the reply. */
  readonly asynchronous: boolean;
  /**
   * True if the same operation is provided by several entities of the runtime. Absent if it belongs to one entity only.
   */
  readonly shared?: boolean;
  /**
   * Whether its arguments may be members of the body itself, unless one of them is called `parameters` (default false).
   */
  readonly topLevelArguments?: boolean;
  readonly terms?: NativeTerms;
  /** JSON Schemas: `request` and `response` of a service, `goal`, `result` and `feedback` of an action. */
  readonly typeInfo?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Input of an invocation. */
export interface OperationRequest {
  /** `undefined` if the client sent none; every parameter then has its default. */
  readonly parameters: JsonValue | undefined;
  /** The type of the operation that the client expects. */
  readonly type: string | undefined;
}

/** State of an execution, whether this gateway started it or found it running. */
export interface Execution {
  readonly id: string;
  readonly status: 'pending' | 'running' | 'completed' | 'failed';
  /** The capability requested last: `execute`, then for example `stop`. */
  readonly capability: string;
  readonly feedback?: JsonValue;
  readonly result?: JsonValue;
  /** Why it failed, in one sentence. */
  readonly error?: string;
  /** Milliseconds since the epoch, each absent while unknown. */
  readonly createdMs?: number;
  readonly startedMs?: number;
  readonly finishedMs?: number;
  readonly terms?: NativeTerms;
}

/** The result of an operation: its answer, or the execution that it started. */
export type Invocation = { readonly answer: JsonValue } | { readonly execution: Execution };

/** A status change of an execution, whichever client started it. */
export interface OperationChange {
  readonly nativeId: string;
  readonly operationId: string;
  readonly executionId: string;
  /** Status in the terms of the runtime, such as `executing`. */
  readonly status: string;
}

/** How a call of a service ended: `refused` calls were not sent. */
export type ServiceCallOutcome = 'ok' | 'timeout' | 'error' | 'refused';

/** The end of a call of a service. */
export interface ServiceCallEnd {
  readonly outcome: ServiceCallOutcome;
  readonly durationMs: number;
}

/** An execution in the list of all operations of an entity, without feedback and result. */
export interface RecentExecution {
  readonly operationId: string;
  /** Name of the operation, if no other operation of the entity has it. */
  readonly name?: string;
  readonly execution: Omit<Execution, 'feedback' | 'result'>;
}

/** Serves the operations of a runtime's entities. Failures are thrown as `SovdError`. */
export interface OperationProvider {
  list(nativeId: string, call: CallContext): Promise<readonly OperationEntry[]>;
  /**
   * Waits for an operation with this name, id or full name while the operations of a new entity are still being
   * discovered. Returns whether it exists. Absent if `list` is always complete.
   */
  appears?(nativeId: string, name: string, call: CallContext): Promise<boolean>;
  invoke(nativeId: string, operationId: string, request: OperationRequest, call: CallContext): Promise<Invocation>;
  /**
   * Returns the ids of running and recently ended executions, newest first. Empty for an operation that is not
   * asynchronous.
   */
  executions(nativeId: string, operationId: string, call: CallContext): Promise<readonly string[]>;
  /**
   * Returns the running and recently ended executions of all operations of an entity. Absent: callers query each
   * operation and each execution separately.
   */
  recent?(nativeId: string, call: CallContext): Promise<readonly RecentExecution[]>;
  /** Throws `resource-not-found` if the execution does not exist or was dropped. */
  execution(nativeId: string, operationId: string, executionId: string, call: CallContext): Promise<Execution>;
  /**
   * Requests a capability of ISO 17978-3: `stop`, `execute`, `freeze` or `reset`. Returns the state of the execution
   * afterwards. Throws `invalid-parameter` if the operation does not support it, `precondition-not-fulfilled` if the
   * state of the execution does not allow it.
   */
  control(
    nativeId: string,
    operationId: string,
    executionId: string,
    capability: string,
    call: CallContext,
  ): Promise<Execution>;
}
