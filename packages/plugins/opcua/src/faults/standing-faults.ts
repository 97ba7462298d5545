import type { JsonValue } from '@medkit/core';
import type { PluginContext } from '@medkit/plugin';
import type { FaultOwner } from './fault-reports.ts';

/** A fault that the fault manager has as one of this PLC. */
export interface StandingFault {
  readonly code: string;
  readonly owner: FaultOwner;
}

/** A component, and the apps on it. */
export interface ComponentApps {
  readonly componentId: string;
  readonly isApp: (id: string) => boolean;
}

interface FaultItem {
  readonly fault_code?: JsonValue;
  readonly reporting_sources?: JsonValue;
}

/**
 * The faults of a component and its apps that stand, as the gateway has them: what it took for true before its last end may be over
 * since. Only those that one of them alone reported: what a node of the robot says of them too is not for a PLC to end. `undefined`
 * where the gateway does not answer, or does not know the component yet.
 */
export async function standingFaults(
  context: Pick<PluginContext, 'request'>,
  { componentId, isApp }: ComponentApps,
): Promise<readonly StandingFault[] | undefined> {
  const path = `/components/${encodeURIComponent(componentId)}/faults`;
  const { status, body } = await context.request({ method: 'GET', path });
  const items = (body as { readonly items?: JsonValue } | undefined)?.items;
  if (status !== 200 || !Array.isArray(items)) return undefined;
  return items.flatMap((item: JsonValue): StandingFault[] => {
    const { fault_code: code, reporting_sources: sources } = (item ?? {}) as FaultItem;
    const [id, ...others] = Array.isArray(sources) ? sources : [];
    if (typeof code !== 'string' || typeof id !== 'string' || others.length > 0) return [];
    if (id === componentId) return [{ code, owner: { kind: 'component', id } }];
    return isApp(id) ? [{ code, owner: { kind: 'app', id } }] : [];
  });
}
