import { FLEET_PAGE, type NewFleetInvitation } from '../schemas/fleet.ts';
import * as Type from '../schemas/type.ts';
import type { Parameter } from './route.ts';

/** Path of all routes of the fleet. */
export const FLEET_PATH = '/x-medkit-fleet';
/** The gateway is no hub, or its database cannot be used. */
export const FLEET_ERRORS = ['not-implemented', 'service-unavailable'] as const;

/** Returns a query parameter that is a name. */
export const fleetName = (name: string, description: string, example: string): Parameter => ({
  name,
  in: 'query',
  description,
  schema: Type.String({ minLength: 1, maxLength: 128 }),
  example,
});

/** Filters that lists of robots and lists of faults have. */
export const FLEET_FILTERS: readonly Parameter[] = [
  fleetName('site', 'Only robots of this site', 'berlin'),
  fleetName('label', 'Only robots with this label: `name` or `name=value`', 'model=amr-200'),
  fleetName('group', 'Only robots of this group', 'berlin-amr-200'),
  fleetName('q', 'Only items whose name contains this text', 'amr'),
];

export const FLEET_PAGING: readonly Parameter[] = [
  {
    name: 'limit',
    in: 'query',
    description: `Maximum number of items; default ${FLEET_PAGE.usual}`,
    schema: Type.Integer({ minimum: 1, maximum: FLEET_PAGE.max }),
    example: 50,
  },
  fleetName('cursor', 'Continues after this page: `next_cursor` of the last one', 'YW1yLTE3'),
];

/** An invitation with its code. */
export const invitationExample: NewFleetInvitation = {
  id: '12',
  robot: 'amr-17',
  site: 'berlin',
  state: 'open',
  uses: 1,
  left: 1,
  created_at: '2026-03-20T09:00:00.000Z',
  created_by: 'alice',
  expires_at: '2026-03-20T10:00:00.000Z',
  code: '7KQ29FXMT4VD0RWA',
  link: 'https://hub.example.com/#7KQ2-9FXM-T4VD-0RWA-HB3N-5JX2-K9FX-MT4V-D0RW-AHB3',
};
