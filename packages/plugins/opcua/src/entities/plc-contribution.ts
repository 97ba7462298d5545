import type { App, Area, Component, EntityLists } from '@medkit/core';
import type { Plc } from '../plc/plc.ts';

/** What is served of a PLC besides what SOVD has, by the names that ros2_medkit gives it. */
export const PLC_DATA = 'x-plc-data';
export const PLC_OPERATIONS = 'x-plc-operations';
export const PLC_STATUS = 'x-plc-status';

/** Whether a server is who it says: only then its type plate counts more than what a person wrote. */
const sourceOf = ({ isAuthenticated }: Plc): string => (isAuthenticated ? 'opcua' : 'plugin');

/** The PLCs as the tree shows them: each a component in an area, with an app for each of its parts. */
export function plcContribution(plcs: readonly Plc[]): Pick<EntityLists, 'areas' | 'components' | 'apps'> {
  const areas = new Map(plcs.map(({ area }) => [area.id, area]));
  return {
    areas: [...areas.values()].map(({ id, name }): Area => ({ kind: 'area', id, name, source: 'plugin' })),
    components: plcs.map(componentOf),
    apps: plcs.flatMap(appsOf),
  };
}

function componentOf(plc: Plc): Component {
  const { id, name } = plc.component;
  return {
    kind: 'component',
    id,
    name,
    source: sourceOf(plc),
    areaId: plc.area.id,
    external: true,
    capabilities: [PLC_STATUS],
    ...(plc.nameplate && { identity: plc.nameplate }),
  };
}

function appsOf(plc: Plc): readonly App[] {
  return [...plc.entities.values()].map(({ id, name, nodes }): App => {
    const isWritable = [...nodes.values()].some(({ writable }) => writable);
    return {
      kind: 'app',
      id,
      name,
      source: sourceOf(plc),
      componentId: plc.component.id,
      external: true,
      online: plc.isConnected,
      capabilities: [...(nodes.size > 0 ? [PLC_DATA] : []), ...(isWritable ? [PLC_OPERATIONS] : [])],
    };
  });
}
