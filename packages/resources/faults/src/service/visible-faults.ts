import {
  ENTITY_KINDS,
  type EntityTree,
  type ExplainedFault,
  type Fault,
  type FaultDetail,
  type FaultList,
  type Origin,
} from '@medkit/core';
import type { GatheredFaults } from './fault-list.ts';
import { entitiesOfFault, namesOf, reporterNamed } from './fault-sources.ts';

/** The entities of this gateway, and those of them that a client sees. */
export interface Visibility {
  readonly tree: EntityTree;
  readonly visible: EntityTree;
}

/**
 * Reduces fault lists, which have all muted faults, to what a client sees: the faults that a visible entity reported,
 * with their visible reporters. A fault that an invisible one explains is not muted for the client. Muted faults are
 * included only on request.
 */
export function visibleFaults(
  trees: Visibility,
  { entries, silent }: GatheredFaults,
  includeMuted = true,
): GatheredFaults {
  const reduced = entries.map(({ owner, entry }) => {
    const list = visibleList(trees, entry, owner.origin);
    if (includeMuted) return { owner, entry: list };
    const muted = new Set(list.muted.map(({ faultCode }) => faultCode));
    return { owner, entry: { ...list, faults: list.faults.filter(({ fault }) => !muted.has(fault.code)) } };
  });
  return { entries: reduced, silent };
}

function visibleList(trees: Visibility, { faults, muted, clusters }: FaultList, origin: Origin): FaultList {
  const seen = faults.flatMap((each) => visibleFault(trees, each, origin) ?? []);
  const codes = new Set(seen.map(({ fault }) => fault.code));
  return {
    faults: seen,
    muted: muted.filter(({ faultCode, rootCauseCode }) => codes.has(faultCode) && codes.has(rootCauseCode)),
    clusters: clusters.filter(({ faultCodes }) => faultCodes.every((code) => codes.has(code))),
  };
}

/** Returns a fault with its visible reporters; `undefined` if the client sees none. */
export function visibleFault(trees: Visibility, each: ExplainedFault, origin: Origin): ExplainedFault | undefined {
  const { fault, thresholds } = each;
  const sources = visibleSources(trees, fault, origin);
  if (!sources) return undefined;
  const isSeen = ({ source }: { readonly source?: string | undefined }) => source !== undefined && sources.has(source);
  const isWhole = fault.sources.every((source) => sources.has(source));
  if (isWhole) return { ...each, thresholds: thresholds.filter(isSeen) };
  // The record of a runtime, and the latest text, may be those of another reporter.
  const { latestDescription: _, ...known } = fault;
  return {
    fault: {
      ...known,
      sources: fault.sources.filter((source) => sources.has(source)),
      ...(fault.reporters && { reporters: fault.reporters.filter(isSeen) }),
      ...(fault.conditions && { conditions: fault.conditions.filter(isSeen) }),
      ...(fault.sourceResults && { sourceResults: fault.sourceResults.filter(isSeen) }),
    },
    thresholds: thresholds.filter(isSeen),
  };
}

/**
 * Returns the names of the visible reporters; `undefined` if there are none. A name of no entity, such as that of a node
 * that exited, is visible only to a client that sees all entities.
 */
function visibleSources({ tree, visible }: Visibility, fault: Fault, origin: Origin): ReadonlySet<string> | undefined {
  const seesAll = ENTITY_KINDS.every((kind) => visible.all(kind).length === tree.all(kind).length);
  const names = Map.groupBy(namesOf(fault), ({ source }) => source);
  const seen = [...names].filter(([, addresses]) =>
    addresses.every((address) => {
      const reporter = reporterNamed(tree, address, origin);
      return reporter ? visible.get(reporter.kind, reporter.id) !== undefined : seesAll;
    }),
  );
  return seen.length === 0 ? undefined : new Set(seen.map(([source]) => source));
}

/**
 * Returns a fault in detail without its evidence, which has values and log lines of all entities, and without faults
 * that explain it. Returns `undefined` if the client does not see the fault.
 */
export function visibleDetail(trees: Visibility, detail: FaultDetail, origin: Origin): FaultDetail | undefined {
  const seen = visibleFault(trees, { fault: detail.fault, thresholds: detail.thresholds }, origin);
  return seen && { ...seen, snapshots: [] };
}

/** Returns the number of entities that a fault concerns and a client does not see. */
export function invisibleEntities({ tree, visible }: Visibility, fault: Fault, origin: Origin): number {
  return [...entitiesOfFault(tree, fault, origin)].filter(({ kind, id }) => !visible.get(kind, id)).length;
}
