import type { Setting } from './setting.ts';

/** Settings of the audit log of requests. The audit of faults is configured with the fault manager. */
export const AUDIT_SETTINGS = {
  'audit.requests': {
    type: 'text',
    default: 'on',
    since: '0.1.0',
    about:
      'Whether every request that changes something is in the audit log before it is answered: `on` so that it outlives the process, `synced` so that it outlives a loss of power as well, `off` not at all.',
  },
  'audit.observed': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about:
      'Whether the audit log also has the changes of parameters that others than this gateway make, such as `ros2 param set`, rqt, and nodes themselves. Needs `audit.requests`.',
  },
  'audit.fail_closed': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about: 'Refuse whatever changes something while the audit log cannot be written.',
  },
  'audit.max_requests': {
    type: 'integer',
    default: 100_000,
    min: 1,
    max: 1_000_000_000,
    outside: 'default',
    special: { value: 0, meaning: 'all of them' },
    since: '0.1.0',
    about:
      'Requests that the audit log keeps. If there are more, the oldest of the principal that has the most are sealed and removed. Changes of faults do not count. Of refused requests at most 10,000 are kept, whatever this says.',
  },
  'audit.max_observed': {
    type: 'integer',
    default: 10_000,
    min: 1,
    max: 1_000_000_000,
    outside: 'default',
    special: { value: 0, meaning: 'all of them' },
    since: '0.1.0',
    about:
      'Changes by others that the audit log keeps. If there are more, the oldest of the node that has the most are sealed and removed. No other record counts for it.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
