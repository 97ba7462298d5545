import type { Nameplate } from '@medkit/core';
import type { PlcReading, PlcScalar } from '../values/plc-reading.ts';
import type { EventSource, PlcEvent, ReadCondition } from './plc-event.ts';

/** What a server is, as it and the channel to it say. */
export interface ServerFacts {
  readonly endpointUrl: string;
  /** Name of its application, and the URI of that. */
  readonly applicationName: string;
  readonly applicationUri: string;
  /** True where its certificate was checked against those that are trusted, and the channel is signed. */
  readonly isAuthenticated: boolean;
  /** By how much its clock was ahead of this machine's when the session began, milliseconds; absent where it is not known. */
  readonly clockSkewMs?: number;
}

/** A node below another one. */
export interface BrowsedNode {
  readonly nodeId: string;
  readonly browseName: string;
  readonly displayName: string;
  readonly kind: 'object' | 'variable' | 'method';
  /** Index of its namespace as the node map has it; absent if it is the one in `nodeId`. */
  readonly namespace?: number;
}

/** The least and the greatest number of a variable. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

/** What a variable is. */
export interface VariableFacts {
  /** Name of the built-in type: `Double`, `UInt16`; absent for one that is no scalar of them. */
  readonly type: string | undefined;
  /** Its unit, where it has one (OPC 10000-8, 5.6.3), as it is shown. */
  readonly unit: string | undefined;
  /** What its numbers are within (OPC 10000-8, 5.6.2); absent where it says none. */
  readonly range?: ValueRange;
  /** Names of its numbers, if it is an enumeration. */
  readonly names?: ReadonlyMap<number, string>;
  /** Whether who is logged in may write it. */
  readonly isWritable: boolean;
}

/** An argument of a method. */
export interface MethodArgument {
  readonly name: string;
  /** Name of its built-in type; absent for one that cannot be given as JSON. */
  readonly type: string | undefined;
  readonly description: string;
}

/** What a method gave for one of its outputs. */
export type MethodResult = Pick<PlcReading, 'value' | 'unshown'>;

/** Values of some variables that arrived together. */
export type ChangedValues = readonly (readonly [nodeId: string, reading: PlcReading])[];

/** A session with a server, from its beginning until it is lost or closed. Every promise rejects with `PlcError`. */
export interface PlcSession {
  readonly server: ServerFacts;
  /** URIs of the server's namespaces by their indices. Resolves with `undefined` if the server does not show them. */
  namespaces(): Promise<readonly string[] | undefined>;
  /** In the order that they are asked for; what cannot be read has a `bad` quality. */
  read(nodeIds: readonly string[]): Promise<readonly PlcReading[]>;
  /** In the type that the variable has there. Rejects with `PlcRefused` where the server, or that type, does not take it. */
  write(nodeId: string, value: PlcScalar): Promise<void>;
  /** Tells of every change of these variables, their present values first. Gives those that the server refused, with its reasons. */
  watch(
    nodeIds: readonly string[],
    intervalMs: number,
    onValues: (values: ChangedValues) => void,
  ): Promise<ReadonlyMap<string, string>>;
  /** Tells of every event of these notifiers, and where the server wants conditions to be refreshed, since it lost some. Gives those that the server refused, with its reasons. */
  watchEvents(
    sources: readonly EventSource[],
    onEvent: (event: PlcEvent) => void,
  ): Promise<ReadonlyMap<string, string>>;
  /** Has the server tell again of every condition that it retains (OPC 10000-9, 5.5.7): once it resolves, it has been told. */
  refreshConditions(): Promise<void>;
  /** Conditions at a notifier, its children and theirs, as far as it shows any. */
  readConditions(source: EventSource): Promise<readonly ReadCondition[]>;
  acknowledge(conditionId: string, eventId: Uint8Array, comment: string): Promise<void>;
  confirm(conditionId: string, eventId: Uint8Array, comment: string): Promise<void>;
  /** What is below a node, by hierarchical references; `limit` at most. */
  browse(nodeId: string, limit: number): Promise<readonly BrowsedNode[]>;
  describe(nodeIds: readonly string[]): Promise<readonly VariableFacts[]>;
  /** What a method takes and gives. */
  describeMethod(
    methodId: string,
  ): Promise<{ readonly input: readonly MethodArgument[]; readonly output: readonly MethodArgument[] }>;
  call(objectId: string, methodId: string, input: readonly PlcScalar[]): Promise<readonly MethodResult[]>;
  readNameplate(): Promise<Nameplate>;
  /** Ends it in order. */
  close(): Promise<void>;
}
