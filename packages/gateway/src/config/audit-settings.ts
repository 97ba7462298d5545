import type { Setting } from './setting.ts';

/** Settings of the audit log of requests. The audit of faults is configured with the fault manager. */
export const AUDIT_SETTINGS = {
  'audit.requests': {
    type: 'text',
    default: 'on',
    since: '0.1.0',
    about:
      'Writes every request that changes something to the audit log before it is answered: `on` survives a crash of the process, `synced` also a power failure, `off` disables it.',
  },
  'audit.observed': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about:
      'Writes changes of parameters that other programs make to the audit log, such as `ros2 param set`, rqt, and the nodes themselves. Needs `audit.requests`.',
  },
  'audit.fail_closed': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about: 'Refuses all changes while the audit log cannot be written.',
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
      'Maximum number of requests in the audit log. Beyond it, the oldest requests of the principal with the most are sealed and removed. Changes of faults do not count. Of refused requests, at most 10,000 are kept in any case.',
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
      'Maximum number of changes by other programs in the audit log. Beyond it, the oldest changes of the node with the most are sealed and removed. Other records do not count.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
