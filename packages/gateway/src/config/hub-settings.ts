import type { Setting } from './setting.ts';

/** Settings of the uplink of a robot to its fleet hub. */
export const HUB_SETTINGS = {
  'hub.url': {
    type: 'text',
    default: '',
    since: '0.1.0',
    matches: { pattern: /^(?:https?:\/\/[^\s/]+(?:\/\S*)?)?$/, meaning: 'an address such as https://hub.example.com' },
    about:
      'Address of the fleet hub of this robot. If it is set, the gateway records faults, incidents and its starts in the uplink log, in the transaction of each fault. If it is empty, nothing is recorded and the routes below `/x-medkit-uplink` answer 501.',
  },
  'hub.log_mb': {
    type: 'integer',
    default: 64,
    min: 1,
    max: 4096,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Room for the uplink log in megabytes, about 1000 records each. If it is full, acknowledged records are removed first, then unread ones of low severity; a record of kind `gap` counts them.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
