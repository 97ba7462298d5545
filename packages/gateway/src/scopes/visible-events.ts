import {
  type CallContext,
  type EntityLimits,
  type EntityTree,
  FAULT_MANAGER_ID,
  type Fault,
  type FaultEvent,
  LOCAL,
  type Model,
} from '@medkit/core';
import { localManager, statusesOf, visibleFault } from '@medkit/faults';
import { permittedTree } from './permitted-tree.ts';

/** A fault event, and the faults that were cleared with it. */
export interface EventWithSymptoms {
  readonly id: number;
  readonly timeNs: bigint;
  readonly event: FaultEvent;
  readonly symptoms: readonly Fault[];
}

/** Reads the faults that were cleared together with root causes. A fault that is no longer stored is left out. */
export async function withSymptoms(
  model: Model,
  events: readonly FaultEvent[],
  callFor: () => CallContext,
): Promise<readonly EventWithSymptoms[]> {
  const hasSymptoms = events.some(({ autoClearedCodes }) => autoClearedCodes.length > 0);
  const stored = hasSymptoms ? await faultsByCode(model, callFor()) : new Map<string, Fault>();
  return events.map((event) => ({
    id: event.id,
    timeNs: event.timeNs,
    event,
    symptoms: event.autoClearedCodes.flatMap((code) => stored.get(code) ?? []),
  }));
}

async function faultsByCode(model: Model, call: CallContext): Promise<ReadonlyMap<string, Fault>> {
  const manager = localManager(model);
  if (!manager) return new Map();
  const query = { statuses: statusesOf('all'), includeMuted: true };
  const { faults } = await manager.provider.list(FAULT_MANAGER_ID, query, call);
  return new Map(faults.map(({ fault }) => [fault.code, fault]));
}

/** Returns the entities whose faults a client with these limits sees. */
export const faultTree = (tree: EntityTree, limits: EntityLimits): EntityTree =>
  permittedTree(tree, limits, { permission: 'read', collection: 'faults' });

/**
 * Returns what a client sees of an event: the fault with its visible reporters, and an event of each visible symptom,
 * since the root cause may be invisible. Empty if the client sees nothing of it.
 */
export function visibleEvents(
  tree: EntityTree,
  visible: EntityTree,
  { event, symptoms }: EventWithSymptoms,
): readonly FaultEvent[] {
  const cleared = symptoms.map((fault): FaultEvent => ({ ...event, type: 'fault_cleared', fault }));
  return [event, ...cleared].flatMap((each) => {
    const seen = visibleFault({ tree, visible }, { fault: each.fault, thresholds: [] }, LOCAL);
    return seen ? [{ ...each, fault: seen.fault, autoClearedCodes: [] }] : [];
  });
}
