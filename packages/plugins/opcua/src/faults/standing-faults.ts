import type { JsonValue } from '@medkit/core';
import type { PluginContext } from '@medkit/plugin';
import type { FaultOwner } from './fault-reports.ts';

/** A fault that the fault manager has as one of this PLC. */
export interface StandingFault {
  readonly code: string;
  readonly owner: FaultOwner;
}

/**
 * The faults of entities that stand, as the gateway has them: what a gateway took for true before its last end may be over since.
 * `undefined` where it does not answer, or does not know one of the entities yet.
 */
export async function standingFaults(
  context: Pick<PluginContext, 'request'>,
  owners: readonly FaultOwner[],
): Promise<readonly StandingFault[] | undefined> {
  const standing: StandingFault[] = [];
  for (const owner of owners) {
    const path = `/${owner.kind}s/${encodeURIComponent(owner.id)}/faults`;
    const { status, body } = await context.request({ method: 'GET', path });
    if (status !== 200) return undefined;
    for (const code of codesIn(body, owner.id)) standing.push({ code, owner });
  }
  return standing;
}

interface FaultItem {
  readonly fault_code?: JsonValue;
  readonly reporting_sources?: JsonValue;
}

/** Those that it alone reported: what a node of the robot says of the same entity is not for a PLC to end. */
function codesIn(body: JsonValue | undefined, source: string): readonly string[] {
  const items = (body as { readonly items?: JsonValue } | undefined)?.items;
  if (!Array.isArray(items)) return [];
  return items.flatMap((item: JsonValue) => {
    const { fault_code: code, reporting_sources: sources } = (item ?? {}) as FaultItem;
    const isOwn = !Array.isArray(sources) || sources.every((each) => each === source);
    return typeof code === 'string' && isOwn ? [code] : [];
  });
}
