import type { Setting } from './setting.ts';

/** Settings of incidents. */
export const INCIDENT_SETTINGS = {
  'incidents.enabled': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Put faults of one event together, with what happened around them.',
  },
  'incidents.robot': {
    type: 'text',
    default: '',
    defaultText: 'the name of the machine',
    since: '0.1.0',
    about: 'What this robot is called in incidents, and in messages about them.',
  },
  'incidents.blocks_motion': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Codes of faults that hold the robot as long as they last, with `*` for any characters: `PROTECTIVE_STOP`, `*_ESTOP`. Those whose freeze frame shows a crossed threshold that `blocks_motion` hold it as well.',
  },
  'incidents.max_faults': {
    type: 'integer',
    default: 5000,
    min: 100,
    max: 20_000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Occurrences of faults that are kept for incidents; beyond, the oldest that are over are forgotten.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
