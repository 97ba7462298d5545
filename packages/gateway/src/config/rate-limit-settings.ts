import type { Setting } from './setting.ts';

/** Settings of rate limits, the same as in ros2_medkit. */
export const RATE_LIMIT_SETTINGS = {
  'rate_limiting.enabled': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Limits the requests per minute of each client and of all clients together. The gateway does not start if the values contradict each other.',
  },
  'rate_limiting.global_requests_per_minute': {
    type: 'integer',
    default: 600,
    min: 1,
    max: 2_147_483_647,
    outside: 'refuse',
    since: '0.1.0',
    about: 'Requests per minute of all accepted clients together; also the maximum burst.',
  },
  'rate_limiting.client_requests_per_minute': {
    type: 'integer',
    default: 60,
    min: 1,
    max: 2_147_483_647,
    outside: 'refuse',
    since: '0.1.0',
    about:
      'Requests per minute of each client, identified by its principal if known, otherwise by its address; at most the global limit. A change counts as 2; a download or a verification of the audit log as 20.',
  },
  'rate_limiting.endpoint_limits': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Other limits per client, as `pattern:requests per minute`, such as `/api/v1/*/*/operations/*/executions:10`. The first pattern that matches the path replaces `client_requests_per_minute`, with a separate budget. `*` matches one segment, `**` any number.',
  },
  'rate_limiting.client_cleanup_interval_seconds': {
    type: 'integer',
    default: 300,
    min: 1,
    max: 2_147_483,
    outside: 'refuse',
    since: '0.1.0',
    about:
      'Interval in seconds at which idle clients are removed from memory. A client that has used part of its budget is not removed.',
  },
  'rate_limiting.client_max_idle_seconds': {
    type: 'integer',
    default: 600,
    min: 1,
    max: 2_147_483,
    outside: 'refuse',
    since: '0.1.0',
    about: 'Seconds without a request after which a client is idle; at least that interval.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
