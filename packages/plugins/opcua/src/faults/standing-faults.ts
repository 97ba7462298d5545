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
  readonly 'x-medkit'?: JsonValue;
}

/**
 * The faults of a component and its apps that stand, as the gateway has them: what it took for true before its last end may be over
 * since. A fault that other sources reported too counts for each of them that still fails, which does not end it for the others.
 * Returns `undefined` if the gateway does not answer, or does not know the component yet.
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
    const { fault_code: code, reporting_sources: listed, 'x-medkit': about } = (item ?? {}) as FaultItem;
    const sources = Array.isArray(listed) ? listed : [];
    const { failing_sources: failing } = (about ?? {}) as { readonly failing_sources?: JsonValue };
    const ids = sources.length === 1 ? sources : Array.isArray(failing) ? failing : [];
    if (typeof code !== 'string') return [];
    return ids.flatMap((id): StandingFault[] => {
      if (typeof id !== 'string') return [];
      if (id === componentId) return [{ code, owner: { kind: 'component', id } }];
      return isApp(id) ? [{ code, owner: { kind: 'app', id } }] : [];
    });
  });
}
