import type { Files } from '@medkit/edges';
import type { MappedNode, NodeMap } from '../node-map/node-map.ts';
import { readAutoAlarms, readAutoBrowse } from '../node-map/read-auto-options.ts';
import { readNodeMap } from '../node-map/read-node-map.ts';
import type { PlcOptions } from '../options/plc-options.ts';

/** An empty map: all nodes come from browsing. */
const EMPTY = 'nodes: []\n';

/** Loads the node map of a PLC; its options for browsing and alarms override those of the map. */
export async function loadNodeMap(
  files: Pick<Files, 'readText'>,
  { name, nodeMapPath, autoBrowse, autoAlarms }: PlcOptions,
): Promise<{ readonly map: NodeMap; readonly warnings: readonly string[] }> {
  const text = nodeMapPath === undefined ? undefined : await files.readText(nodeMapPath, { regularOnly: true });
  if (nodeMapPath !== undefined && text === undefined) {
    throw new Error(`${name === '' ? '' : `${name}: `}node_map_path: file ${nodeMapPath} does not exist`);
  }
  const { map, warnings } =
    text === undefined
      ? { ...readNodeMap(EMPTY, { file: 'no node map' }), warnings: [] }
      : readNodeMap(text, { file: nodeMapPath as string });
  const browse = readAutoBrowse(autoBrowse, map.autoBrowse);
  const alarms = readAutoAlarms(autoAlarms, map.autoAlarms);
  return {
    map: {
      ...map,
      autoBrowse: autoBrowse === undefined ? map.autoBrowse : browse.value,
      autoAlarms: autoAlarms === undefined ? map.autoAlarms : alarms.value,
    },
    warnings: [...warnings, ...browse.warnings, ...alarms.warnings, ...withoutRange(map)],
  };
}

/** Values that are writable without a range are not limited; the map is used unchanged, with a warning. */
function withoutRange({ nodes }: NodeMap): readonly string[] {
  const open = nodes.filter(({ type, writable, min, max }) => {
    return writable && (type === 'int' || type === 'float') && (min === undefined || max === undefined);
  });
  if (open.length === 0) return [];
  const [{ entityId, dataName }] = open as [MappedNode];
  const named =
    open.length === 1 ? `${entityId} ${dataName} is` : `${entityId} ${dataName} and ${open.length - 1} more are`;
  return [`${named} writable without min_value and max_value: every number that the PLC accepts can be written`];
}
