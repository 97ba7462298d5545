import { browsedNodes } from '../node-map/browse-server.ts';
import type { NodeMap } from '../node-map/node-map.ts';
import type { PlcSession } from '../session/plc-session.ts';

/** A map with all that the PLC shows besides; each problem is a sentence. */
export interface SearchedMap {
  readonly map: NodeMap;
  readonly problems: readonly string[];
}

/**
 * Searches a PLC and adds what it shows to its map. Of one among several, `plcName` stands before the ids of the apps that are
 * found: two that run one program show the same.
 */
export async function searchedMap(
  session: Pick<PlcSession, 'browse' | 'describe' | 'read'>,
  map: NodeMap,
  { plcName, componentId }: { readonly plcName: string; readonly componentId: string },
): Promise<SearchedMap> {
  if (!map.autoBrowse) return { map, problems: [] };
  const names = plcName === '' ? { componentId } : { componentId, plcName };
  const { nodes, problems } = await browsedNodes(session, map.autoBrowse, map, names);
  return { map: { ...map, nodes: [...map.nodes, ...nodes] }, problems };
}
