import { FLEET_RETENTION, type FleetRetention } from '@medkit/contract';
import type { NumericSetting } from './setting.ts';

const days = (name: keyof FleetRetention, about: string, min = 1): NumericSetting => ({
  type: 'integer',
  default: FLEET_RETENTION[name],
  min,
  max: 3660,
  outside: 'clamp',
  since: '0.1.0',
  about,
});

/** Settings of how long a fleet hub stores its record. */
export const FLEET_RETENTION_SETTINGS = {
  'fleet.retention.events_days': {
    ...days(
      'events_days',
      'Days for which the hub stores events of robots; older ones are moved to `fleet-archive` in `data_dir`. In PostgreSQL, a month is removed when all of its events are older.',
    ),
    // A partition for each month, and at most 80 of them.
    max: 1830,
  },
  'fleet.retention.archive_days': days(
    'archive_days',
    'Days for which the hub stores a file of archived events in `fleet-archive`, since the file was written. The oldest of more than 2,000 files are removed earlier.',
  ),
  'fleet.retention.occurrences_days': days(
    'occurrences_days',
    'Days for which the hub stores occurrences of faults, and with them issues and figures. Active ones, those of open incidents, and the last one of each open issue stay.',
    30,
  ),
  'fleet.retention.presence_days': days(
    'presence_days',
    'Days for which the hub stores changes of presence and announced absences of robots.',
  ),
  'fleet.retention.evidence_days': days(
    'evidence_days',
    'Days for which the hub stores recordings of robots. Pinned ones stay, and those of active faults, of open incidents and of the last occurrence of each open issue. A change concerns files that are stored later.',
  ),
  'fleet.retention.frames_days': days(
    'frames_days',
    'Days for which the hub stores freeze frames and log windows of robots, with the exceptions of `fleet.retention.evidence_days`.',
  ),
  'fleet.retention.ended_days': days(
    'ended_days',
    'Days for which the hub stores invitations and queued requests after their end, and evidence without a file.',
  ),
} as const;
