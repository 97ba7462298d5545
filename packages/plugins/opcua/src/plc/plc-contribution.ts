import type { App, Area, Component, EntityLists } from '@medkit/core';
import type { Plc } from './plc.ts';

/** Vendor-specific resources of a PLC, with the names of ros2_medkit. */
export const PLC_DATA = 'x-plc-data';
export const PLC_OPERATIONS = 'x-plc-operations';
export const PLC_STATUS = 'x-plc-status';
/** The alarms of an app that can be acknowledged and confirmed; ros2_medkit has no such resource. */
export const PLC_ALARMS = 'x-plc-alarms';

/** Only the nameplate of an authenticated server takes precedence over the manifest. */
const sourceOf = ({ isAuthenticated }: Plc): string => (isAuthenticated ? 'opcua' : 'plugin');

/** Returns the entities of PLCs: each PLC is a component in an area, with an app for each of its parts. */
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
  return [...plc.entities.values()].map(({ id, name, nodes, hasNativeAlarms }): App => {
    const isWritable = [...nodes.values()].some(({ writable }) => writable);
    return {
      kind: 'app',
      id,
      name,
      source: sourceOf(plc),
      componentId: plc.component.id,
      external: true,
      online: plc.isConnected,
      capabilities: [
        ...(nodes.size > 0 ? [PLC_DATA] : []),
        ...(isWritable ? [PLC_OPERATIONS] : []),
        ...(hasNativeAlarms ? [PLC_ALARMS] : []),
      ],
    };
  });
}
