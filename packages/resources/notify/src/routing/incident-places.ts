import type { Incident } from '@medkit/contract';

/** What a fleet hub knows of incidents: where their robots are, and which are part of an outbreak. */
export interface IncidentPlaces {
  /** Returns the sites and groups of the robots of an incident. */
  of(incident: Incident): { readonly sites: readonly string[]; readonly groups: readonly string[] };
  /** Returns the time zone of a site; `undefined` if it has none. */
  zoneOf(site: string): string | undefined;
  /** Returns whether an open outbreak includes this incident of a robot: receivers are notified of the outbreak alone. */
  isCovered(incident: Incident): boolean;
}

/** A gateway that is no hub. */
export const NO_PLACES: IncidentPlaces = {
  of: () => ({ sites: [], groups: [] }),
  zoneOf: () => undefined,
  isCovered: () => false,
};

/** Returns the time zone that all sites of an incident share; `undefined` if there is none. */
export function zoneOfIncident(incident: Incident, places: IncidentPlaces): string | undefined {
  const zones = new Set(places.of(incident).sites.map((site) => places.zoneOf(site)));
  return zones.size === 1 ? [...zones][0] : undefined;
}
