import type { Files } from '@medkit/edges';
import type { MappedNode, NodeMap } from '../node-map/node-map.ts';
import { readAutoAlarms, readAutoBrowse } from '../node-map/read-auto-options.ts';
import { readNodeMap } from '../node-map/read-node-map.ts';
import type { PlcOptions } from '../options/plc-options.ts';

/** A map of nothing: what there is, the PLC itself has to show. */
const EMPTY = 'nodes: []\n';

/** The node map of a PLC, with what its options say of browsing and alarms in the place of what the map says. */
export async function loadNodeMap(
  files: Pick<Files, 'readText'>,
  { name, nodeMapPath, autoBrowse, autoAlarms }: PlcOptions,
): Promise<{ readonly map: NodeMap; readonly warnings: readonly string[] }> {
  const text = nodeMapPath === undefined ? undefined : await files.readText(nodeMapPath, { regularOnly: true });
  if (nodeMapPath !== undefined && text === undefined) {
    throw new Error(`${name === '' ? '' : `${name}: `}node_map_path: there is no file ${nodeMapPath}`);
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

/** What is written without a range is in the hands of whoever asks: it is taken as the map has it, and said. */
function withoutRange({ nodes }: NodeMap): readonly string[] {
  const open = nodes.filter(({ type, writable, min, max }) => {
    return writable && (type === 'int' || type === 'float') && (min === undefined || max === undefined);
  });
  if (open.length === 0) return [];
  const [{ entityId, dataName }] = open as [MappedNode];
  const named =
    open.length === 1 ? `${entityId} ${dataName} is` : `${entityId} ${dataName} and ${open.length - 1} more are`;
  return [`${named} writable without min_value and max_value: every number that the PLC takes is written`];
}
