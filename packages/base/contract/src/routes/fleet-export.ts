import { oneOf } from '../schemas/compose.ts';
import { FAULT_SEVERITIES } from '../schemas/fault-severity.ts';
import { FLEET_EXPORT_CONTENTS, FLEET_EXPORT_FORMATS } from '../schemas/fleet-export.ts';
import * as Type from '../schemas/type.ts';
import { FLEET_ERRORS, FLEET_FILTERS, FLEET_PATH, fleetName } from './fleet-parts.ts';
import type { Parameter, RouteFamily } from './route.ts';

const time = (name: string, description: string): Parameter => ({
  name,
  in: 'query',
  description,
  schema: Type.String({ format: 'date-time' }),
  example: '2026-03-20T00:00:00Z',
});

export const exportFleet: RouteFamily<never> = [
  {
    method: 'get',
    path: `${FLEET_PATH}/export`,
    operationId: 'exportFleet',
    permission: 'files.read',
    tag: 'Fleet',
    summary: 'Download occurrences, robots or events of the fleet',
    description:
      'Streams all rows that match, as JSON lines or as CSV (RFC 4180, `text/csv`). Occurrences and robots have the members of their lists; an event has `id`, `robot`, `seq`, `kind`, `boot`, `robot_time`, `at`, `uncertain_ms`, `received`, `fault_code`, `entity_id`, `severity` and `body`. Events are those that the hub stores: of 90 days. In CSV, the first line has the names of the columns, objects and lists are JSON in one cell, and text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return has a leading apostrophe, so that no spreadsheet runs it as a formula. An export of more than 10,000,000 rows breaks off.',
    join: 'local',
    parameters: [
      {
        name: 'what',
        in: 'query',
        description: 'What to export; default `occurrences`. Also needs the permission `fleet.read`',
        schema: oneOf(...FLEET_EXPORT_CONTENTS),
        example: 'occurrences',
      },
      {
        name: 'format',
        in: 'query',
        description: 'Format of the file; default `ndjson`',
        schema: oneOf(...FLEET_EXPORT_FORMATS),
        example: 'csv',
      },
      fleetName('robot', 'Occurrences and events: only of this robot', 'amr-17'),
      fleetName('code', 'Occurrences and events: only of this fault code', 'MOTOR_OVERTEMP'),
      fleetName('entity', 'Occurrences and events: only of this entity, as the robots name it', 'motor_left'),
      {
        name: 'severity',
        in: 'query',
        description: 'Occurrences and events: only of at least this severity',
        schema: oneOf(...FAULT_SEVERITIES.parameters),
        example: 'error',
      },
      fleetName('version', 'Occurrences and robots: only with this version of medkit or of the software', '2.1.0'),
      fleetName('issue', 'Occurrences: only of this issue', '7'),
      fleetName('state', 'Occurrences: `active` or `ended`. Robots: their state', 'ended'),
      fleetName('presence', 'Robots: only with this presence', 'online'),
      time('since', 'Occurrences and events: only from this time on'),
      time('until', 'Occurrences and events: only before this time'),
      ...FLEET_FILTERS.map((filter) =>
        filter.name === 'q' ? { ...filter, description: 'Robots: only names that contain this text' } : filter,
      ),
    ],
    responses: { 200: { description: 'The rows', media: 'application/x-ndjson' } },
    errors: ['invalid-parameter', ...FLEET_ERRORS],
  },
];
