import type { Nameplate } from '@medkit/core';
import type { EventSource, PlcEvent, ReadCondition } from './plc-event.ts';
import type { PlcReading, PlcScalar } from './plc-reading.ts';

/** Properties of a server, from the server and the channel. */
export interface ServerFacts {
  readonly endpointUrl: string;
  /** Name and URI of the server application. */
  readonly applicationName: string;
  readonly applicationUri: string;
  /** True if its certificate is trusted and the channel is signed. */
  readonly isAuthenticated: boolean;
  /**
   * How far the server's clock was ahead of this machine's at the start of the session, in milliseconds; absent if
   * unknown.
   */
  readonly clockSkewMs?: number;
}

/** A child of a node. */
export interface BrowsedNode {
  readonly nodeId: string;
  readonly browseName: string;
  readonly displayName: string;
  readonly kind: 'object' | 'variable' | 'method';
  /** Namespace index in the node map; absent if it is the one in `nodeId`. */
  readonly namespace?: number;
}

/** Minimum and maximum of a variable. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

/** Properties of a variable. */
export interface VariableFacts {
  /** Name of the built-in type: `Double`, `UInt16`; absent for non-scalar types. */
  readonly type: string | undefined;
  /** Its unit for display, if it has one (OPC 10000-8, 5.6.3). */
  readonly unit: string | undefined;
  /** Range of its values (OPC 10000-8, 5.6.2); absent if it has none. */
  readonly range?: ValueRange;
  /** Names of its values, if it is an enumeration. */
  readonly names?: ReadonlyMap<number, string>;
  /** Whether the user of the session may write it. */
  readonly isWritable: boolean;
}

/** An argument of a method. */
export interface MethodArgument {
  readonly name: string;
  /** Name of its built-in type; absent if it cannot be represented in JSON. */
  readonly type: string | undefined;
  readonly description: string;
}

/** Result of a method for one output argument. */
export type MethodResult = Pick<PlcReading, 'value' | 'unshown'>;

/** Values of several variables that arrived together. */
export type ChangedValues = readonly (readonly [nodeId: string, reading: PlcReading])[];

/** A session with a server, from its start until it is lost or closed. Every promise rejects with `PlcError`. */
export interface PlcSession {
  readonly server: ServerFacts;
  /**
   * Returns the URIs of the server's namespaces by index. Resolves with `undefined` if the server does not provide
   * them.
   */
  namespaces(): Promise<readonly string[] | undefined>;
  /** Reads variables, in the given order; unreadable ones have `bad` quality. */
  read(nodeIds: readonly string[]): Promise<readonly PlcReading[]>;
  /** Writes a value in the variable's type. Rejects with `PlcRefused` if the server or the type does not accept it. */
  write(nodeId: string, value: PlcScalar): Promise<void>;
  /**
   * Reports the current values and every change of these variables. Returns the refused variables with the server's
   * reasons.
   */
  watch(
    nodeIds: readonly string[],
    intervalMs: number,
    onValues: (values: ChangedValues) => void,
  ): Promise<ReadonlyMap<string, string>>;
  /**
   * Reports every event of these notifiers, including the server's request for a refresh after lost events. Returns the
   * refused notifiers with the server's reasons.
   */
  watchEvents(
    sources: readonly EventSource[],
    onEvent: (event: PlcEvent) => void,
  ): Promise<ReadonlyMap<string, string>>;
  /** Requests a refresh of all retained conditions (OPC 10000-9, 5.5.7); resolves after they were reported. */
  refreshConditions(): Promise<void>;
  /** Reads the conditions at a notifier, its children and their children, as far as the server exposes them. */
  readConditions(source: EventSource): Promise<readonly ReadCondition[]>;
  acknowledge(conditionId: string, eventId: Uint8Array, comment: string): Promise<void>;
  confirm(conditionId: string, eventId: Uint8Array, comment: string): Promise<void>;
  /** Returns the children of a node by hierarchical references, at most `limit`. */
  browse(nodeId: string, limit: number): Promise<readonly BrowsedNode[]>;
  describe(nodeIds: readonly string[]): Promise<readonly VariableFacts[]>;
  /** Returns the arguments of a method. */
  describeMethod(
    methodId: string,
  ): Promise<{ readonly input: readonly MethodArgument[]; readonly output: readonly MethodArgument[] }>;
  call(objectId: string, methodId: string, input: readonly PlcScalar[]): Promise<readonly MethodResult[]>;
  readNameplate(): Promise<Nameplate>;
  /** Closes the session. */
  close(): Promise<void>;
}
