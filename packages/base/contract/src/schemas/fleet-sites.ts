import { named, oneOf, optional } from './compose.ts';
import { FLEET_ABSENCE_REASONS, MAX_FLEET_NOTE } from './fleet-presence.ts';
import * as Type from './type.ts';

/** Sites with a schedule: as many as groups, for people choose from both lists. */
export const MAX_FLEET_SITES = 200;
/** Periods of one site: three for each day of the week. */
export const MAX_SITE_HOURS = 21;
/** Maintenance windows of one site that have not ended. */
export const MAX_SITE_MAINTENANCE = 20;

const time = (description: string) => Type.String({ format: 'date-time', description });
const zone = Type.String({ minLength: 1, maxLength: 64, description: 'IANA time zone: `Europe/Berlin`.' });
const maintenance = Type.Array(
  Type.Object({
    from: time('When it begins.'),
    until: time('When it ends.'),
    note: optional(Type.String({ maxLength: MAX_FLEET_NOTE })),
  }),
  { maxItems: MAX_SITE_MAINTENANCE, description: 'Periods in which robots of the site may be away.' },
);
const quietHours = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
  maxItems: MAX_SITE_HOURS,
  description:
    'Weekly periods in the time zone of the site in which its robots may be away: `22:00-06:00` for each day, or `sat,sun 00:00-24:00`.',
});

export const FleetSiteSchedule = named(
  'FleetSiteSchedule',
  Type.Object({ zone, quiet_hours: optional(quietHours), maintenance: optional(maintenance) }),
);
export type FleetSiteSchedule = Type.Static<typeof FleetSiteSchedule>;

export const FleetSite = named(
  'FleetSite',
  Type.Object({
    id: Type.String({ description: 'Name of the site.' }),
    robots: Type.Integer({ minimum: 0, description: 'Number of its robots that are approved.' }),
    zone: optional(zone),
    quiet_hours: quietHours,
    maintenance,
    absence: optional(
      Type.Object(
        {
          reason: oneOf(...FLEET_ABSENCE_REASONS),
          until: optional(time('When it ends; absent if it does not.')),
          note: optional(Type.String()),
        },
        { description: 'Why robots of the site may be away now; absent if they may not.' },
      ),
    ),
    changed_at: optional(time('When its schedule was last changed; absent without a schedule.')),
    changed_by: optional(Type.String()),
  }),
);
export type FleetSite = Type.Static<typeof FleetSite>;

export const FleetSiteList = named('FleetSiteList', Type.Object({ items: Type.Array(FleetSite) }));
export type FleetSiteList = Type.Static<typeof FleetSiteList>;
