import type { Setting } from './setting.ts';

/** Settings of incidents. */
export const INCIDENT_SETTINGS = {
  'incidents.enabled': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Groups related faults into incidents, with a timeline.',
  },
  'incidents.robot': {
    type: 'text',
    default: '',
    defaultText: 'the name of the machine',
    since: '0.1.0',
    about: 'Name of this robot in incidents and notifications.',
  },
  'incidents.parts': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Names of other gateways that belong to this robot, such as that of its safety controller. Incidents of every other gateway have its name as the robot.',
  },
  'incidents.blocks_motion': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Codes of faults that stop the robot while they are active, with `*` for any characters: `PROTECTIVE_STOP`, `*_ESTOP`. Faults whose freeze frame shows a crossed threshold with `blocks_motion` count as well.',
  },
  'incidents.max_faults': {
    type: 'integer',
    default: 5000,
    min: 100,
    max: 20_000,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Maximum number of fault occurrences stored for incidents; beyond it, the oldest that have ended are removed.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
