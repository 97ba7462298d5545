import type { Nameplate } from '@medkit/core';
import type { PlcEvent, PlcReading, PlcScalar, ReadCondition, ServerFacts } from '@medkit/opcua';
import type { MemoryNode } from './memory-node.ts';

/** An acknowledgement or confirmation of a condition. */
export interface ConditionAct {
  readonly conditionId: string;
  readonly eventId: Uint8Array;
  readonly comment: string;
}

/** The part of a PLC in memory that its sessions use and record to. */
export interface MemoryServer {
  readonly server: ServerFacts;
  readonly nameplate: Nameplate;
  readonly namespaces: readonly string[] | undefined;
  readonly nodes: ReadonlyMap<string, MemoryNode>;
  readonly conditions: ReadonlyMap<string, readonly ReadCondition[]>;
  readonly retained: readonly PlcEvent[];
  readonly writes: { readonly nodeId: string; readonly value: PlcScalar }[];
  readonly calls: { readonly objectId: string; readonly methodId: string; readonly input: readonly PlcScalar[] }[];
  readonly acknowledged: ConditionAct[];
  readonly confirmed: ConditionAct[];
  readonly readRefused: string | undefined;
  readonly watchRefused: string | undefined;
  refreshes: number;
  conditionReads: number;
  reading(nodeId: string): PlcReading;
  set(nodeId: string, value: PlcScalar): void;
  refusalOf(nodeId: string): string | undefined;
  check(nodeId: string, what: string): void;
  answered(): Promise<void>;
}
