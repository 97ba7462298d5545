import type { PlcSession } from '@medkit/opcua';
import { browsedNodes } from '../node-map/browse-server.ts';
import type { NodeMap } from '../node-map/node-map.ts';

/** A map extended by browsing; each problem is a sentence. */
export interface ExtendedMap {
  readonly map: NodeMap;
  readonly problems: readonly string[];
}

/**
 * Browses a PLC and adds the result to its map. With several PLCs, `plcName` is the prefix of the found apps' ids: PLCs
 * with the same program show the same objects.
 */
export async function extendMap(
  session: Pick<PlcSession, 'browse' | 'describe' | 'read'>,
  map: NodeMap,
  { plcName, componentId }: { readonly plcName: string; readonly componentId: string },
): Promise<ExtendedMap> {
  if (!map.autoBrowse) return { map, problems: [] };
  const names = plcName === '' ? { componentId } : { componentId, plcName };
  const { nodes, problems } = await browsedNodes(session, map.autoBrowse, map, names);
  return { map: { ...map, nodes: [...map.nodes, ...nodes] }, problems };
}
