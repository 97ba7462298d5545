import type { Incident } from '@medkit/contract';
import type { EntityTree, Model } from '@medkit/core';
import type { FleetOutbreak } from '@medkit/fleet';
import type { IncidentPlaces } from '@medkit/notify';
import { componentOfRobot, fleetPlace } from '../tree/fleet-entities.ts';

export interface IncidentPlacesOptions {
  readonly model: Pick<Model, 'tree'>;
  /** Time zones of sites that have one. */
  readonly zones: ReadonlyMap<string, string>;
  /** The open outbreaks. */
  readonly open: () => Iterable<FleetOutbreak>;
  /** Whether receivers are notified of an outbreak only, and not of the incidents that it explains. */
  readonly outbreakOnly: boolean;
}

/** Returns what the hub knows of incidents, for their notifications. */
export function incidentPlaces({ model, zones, open, outbreakOnly }: IncidentPlacesOptions): IncidentPlaces {
  return {
    of: ({ outbreak, robot }) => outbreak ?? robotPlaces(model.tree, robot),
    zoneOf: (site) => zones.get(site),
    isCovered: (incident) => outbreakOnly && incident.outbreak == null && isPart(incident, open()),
  };
}

/** Returns whether an open outbreak has the root fault of this incident of a robot. */
function isPart({ robot, root }: Incident, open: Iterable<FleetOutbreak>): boolean {
  for (const { members } of open)
    if (members.some((member) => member.robot === robot && member.code === root && member.endedMs === undefined))
      return true;
  return false;
}

/** Returns the site and the groups of a robot from the entities of the fleet. */
function robotPlaces(tree: EntityTree, robot: string) {
  const id = componentOfRobot(tree, robot);
  const component = id === undefined ? undefined : tree.get('component', id);
  if (component?.kind !== 'component') return { sites: [], groups: [] };
  const area = component.areaId === undefined ? undefined : tree.get('area', component.areaId);
  const site = area && fleetPlace(area);
  const groups = tree.all('function').flatMap((each) => {
    const place = each.kind === 'function' && each.hosts.includes(component.id) ? fleetPlace(each) : undefined;
    return place ? [place.name] : [];
  });
  return { sites: site ? [site.name] : [], groups };
}
