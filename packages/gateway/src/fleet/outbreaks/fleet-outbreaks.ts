import { errorMessage, type Log, type Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import {
  type Fleet,
  type FleetOutbreak,
  followOutbreaks,
  type LimitedOutbreaks,
  limitedOutbreaks,
  type OutbreakOptions,
} from '@medkit/fleet';
import type { IncidentBook } from '@medkit/incidents';
import type { IncidentPlaces } from '@medkit/notify';
import type { GatewayConfig } from '../../config/index.ts';
import { incidentPlaces } from './incident-places.ts';
import { reportOutbreak } from './outbreak-occurrence.ts';

export interface FleetOutbreaksOptions extends Pick<OutbreakOptions, 'pings' | 'store'> {
  readonly config: Pick<GatewayConfig, 'fleet'>;
  readonly fleet: Pick<Fleet, 'onChange' | 'sites'>;
  readonly book: Pick<IncidentBook, 'known' | 'tell'>;
  readonly model: Pick<Model, 'tree'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The outbreaks of a hub, each of which is an incident. */
export interface FleetOutbreaks {
  /** What notifications use. */
  readonly places: IncidentPlaces;
  /** What limited accounts have of the outbreaks. */
  readonly limited: Pick<LimitedOutbreaks, 'revision' | 'within'>;
  close(): Promise<void>;
}

/** Follows the outbreaks of a fleet. Loaded only if the hub has incidents. */
export function fleetOutbreaks(options: FleetOutbreaksOptions): FleetOutbreaks {
  const { config, fleet, book, model, log } = options;
  const { lost_after_sec, outbreak_robots, outbreak_calm_sec, outbreak_only, oldest_medkit } = config.fleet;
  const open = new Map<number, FleetOutbreak>();
  const limited = limitedOutbreaks(options.store);
  const zones = new Map<string, string>();
  const readZones = (): void => {
    fleet.sites().then(
      (sites) => {
        zones.clear();
        for (const { id, zone } of sites) if (zone != null) zones.set(id, zone);
      },
      (error: unknown) => log('error', `the fleet hub cannot read the time zones of sites: ${errorMessage(error)}`),
    );
  };
  readZones();
  const stop = fleet.onChange(({ topic }) => {
    if (topic === 'groups') readZones();
  });
  const outbreaks = followOutbreaks({
    ...options,
    settings: {
      robots: outbreak_robots,
      lostAfterMs: lost_after_sec * 1000,
      calmMs: outbreak_calm_sec * 1000,
      oldestMedkit: oldest_medkit === '' ? undefined : oldest_medkit,
    },
    onFleetChange: fleet.onChange,
    onOutbreak: (outbreak) => {
      if (outbreak.endedMs === undefined) open.set(outbreak.id, outbreak);
      else open.delete(outbreak.id);
      limited.add(outbreak);
      reportOutbreak(book, outbreak);
    },
  });
  return {
    places: incidentPlaces({ model, zones, open: () => open.values(), outbreakOnly: outbreak_only }),
    limited,
    close: async () => {
      stop();
      await outbreaks.close();
    },
  };
}
