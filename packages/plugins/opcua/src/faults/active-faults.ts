import type { JsonValue } from '@medkit/core';
import type { PluginContext } from '@medkit/plugin';

/** A fault of this PLC in the fault manager. */
export interface ActiveFault {
  readonly code: string;
  readonly entityId: string;
}

/** A component and its apps. */
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
 * Returns the active faults of a component and its apps from the gateway; they may have ended since the gateway stored
 * them. A fault with several sources is listed for each source that still reports it; clearing it for one does not
 * affect the others. Returns `undefined` if the gateway does not answer or does not know the component yet.
 */
export async function activeFaults(
  context: Pick<PluginContext, 'request'>,
  { componentId, isApp }: ComponentApps,
): Promise<readonly ActiveFault[] | undefined> {
  const path = `/components/${encodeURIComponent(componentId)}/faults`;
  const { status, body } = await context.request({ method: 'GET', path });
  const items = (body as { readonly items?: JsonValue } | undefined)?.items;
  if (status !== 200 || !Array.isArray(items)) return undefined;
  return items.flatMap((item: JsonValue): ActiveFault[] => {
    const { fault_code: code, reporting_sources: listed, 'x-medkit': about } = (item ?? {}) as FaultItem;
    const sources = Array.isArray(listed) ? listed : [];
    const { failing_sources: failing } = (about ?? {}) as { readonly failing_sources?: JsonValue };
    const ids = sources.length === 1 ? sources : Array.isArray(failing) ? failing : [];
    if (typeof code !== 'string') return [];
    return ids.flatMap((id): ActiveFault[] => {
      if (typeof id !== 'string') return [];
      return id === componentId || isApp(id) ? [{ code, entityId: id }] : [];
    });
  });
}
