import type { CallContext } from './call-context.ts';
import type { JsonValue, NativeTerms } from './data-provider.ts';

/** One operation of an entity. */
export interface OperationEntry {
  /** Unique on its entity and lasting. */
  readonly id: string;
  /** What it is asked for by, where no other one of its entity has that name. */
  readonly name: string;
  /** What people read in its place, as `Set the speed` for `set_speed`. */
  readonly title?: string;
  /** True where invoking it begins an execution that goes on afterwards. */
  readonly asynchronous: boolean;
  /** It is one operation, whoever of the runtime's entities provides it. Absent: it is the entity's alone. */
  readonly shared?: boolean;
  /** Its arguments may also stand in the body by themselves, beside none called `parameters` (default false). */
  readonly bareArguments?: boolean;
  readonly terms?: NativeTerms;
  /** JSON Schemas: `request` and `response` of a service, `goal`, `result` and `feedback` of an action. */
  readonly typeInfo?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What a client wants done. */
export interface OperationRequest {
  /** `undefined` where the client gave none: all have their defaults. */
  readonly parameters: JsonValue | undefined;
  /** The type that the client takes the operation for. */
  readonly type: string | undefined;
}

/** What an operation that began or was found going on is at. */
export interface Execution {
  readonly id: string;
  readonly status: 'pending' | 'running' | 'completed' | 'failed';
  /** The capability that a client asked for last: `execute`, then perhaps `stop`. */
  readonly capability: string;
  readonly feedback?: JsonValue;
  readonly result?: JsonValue;
  /** Why it failed, in one sentence. */
  readonly error?: string;
  /** Milliseconds since the epoch, each absent as long as it is not known. */
  readonly createdMs?: number;
  readonly startedMs?: number;
  readonly finishedMs?: number;
  readonly terms?: NativeTerms;
}

/** An operation is over with its answer, or has begun an execution. */
export type Invocation = { readonly answer: JsonValue } | { readonly execution: Execution };

/** An execution that has another status than before, whoever began it. */
export interface OperationChange {
  readonly nativeId: string;
  readonly operationId: string;
  readonly executionId: string;
  /** In the words of the runtime, such as `executing`. */
  readonly status: string;
}

/** An execution among those of all operations of an entity, without what it gave. */
export interface RecentExecution {
  readonly operationId: string;
  /** What the operation is called where no other one of the entity has that name. */
  readonly name?: string;
  readonly execution: Omit<Execution, 'feedback' | 'result'>;
}

/** Serves the operations of a runtime's entities. Failures are thrown as `SovdError`. */
export interface OperationProvider {
  list(nativeId: string, call: CallContext): Promise<readonly OperationEntry[]>;
  /**
   * Waits for an operation of this name, id or full name, while those of an entity that appeared a moment ago are still being
   * found. Returns whether there is one. Absent: `list` has all that there is.
   */
  appears?(nativeId: string, name: string, call: CallContext): Promise<boolean>;
  invoke(nativeId: string, operationId: string, request: OperationRequest, call: CallContext): Promise<Invocation>;
  /**
   * The ids of those that go on and those that ended lately, the newest first; none for an operation that is not
   * asynchronous.
   */
  executions(nativeId: string, operationId: string, call: CallContext): Promise<readonly string[]>;
  /**
   * Those of all operations of an entity that go on, and those that ended lately. Absent: each operation is asked for its own, and
   * each execution what it is at.
   */
  recent?(nativeId: string, call: CallContext): Promise<readonly RecentExecution[]>;
  /** Throws `resource-not-found` where there is none, or none any more. */
  execution(nativeId: string, operationId: string, executionId: string, call: CallContext): Promise<Execution>;
  /**
   * Asks for a capability of ISO 17978-3: `stop`, `execute`, `freeze` or `reset`. Gives the execution as it is then.
   * Throws `invalid-parameter` for one that the operation does not have, `precondition-not-fulfilled` for one that does
   * not go with its state.
   */
  control(
    nativeId: string,
    operationId: string,
    executionId: string,
    capability: string,
    call: CallContext,
  ): Promise<Execution>;
}
