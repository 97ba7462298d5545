import type { Setting } from './setting.ts';

/** Settings of rate limits, the same as in ros2_medkit. */
export const RATE_LIMIT_SETTINGS = {
  'rate_limiting.enabled': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Whether there is a limit to how often somebody may ask, and all together. Values that do not fit each other stop the start.',
  },
  'rate_limiting.global_requests_per_minute': {
    type: 'integer',
    default: 600,
    min: 1,
    max: 2_147_483_647,
    outside: 'refuse',
    since: '0.1.0',
    about: 'Requests a minute of all who are let in together. So many may come at once.',
  },
  'rate_limiting.client_requests_per_minute': {
    type: 'integer',
    default: 60,
    min: 1,
    max: 2_147_483_647,
    outside: 'refuse',
    since: '0.1.0',
    about:
      'Requests a minute of each who asks, by who it is where that is known, else by its address; not more than all together. A change counts as 2, a download or a check of the audit log as 20.',
  },
  'rate_limiting.endpoint_limits': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Other limits for each who asks, as `pattern:requests a minute`, such as `/api/v1/*/*/operations/*/executions:10`: the first pattern that a path meets counts in the place of `client_requests_per_minute`, on its own. `*` is one segment, `**` any number of them.',
  },
  'rate_limiting.client_cleanup_interval_seconds': {
    type: 'integer',
    default: 300,
    min: 1,
    max: 2_147_483,
    outside: 'refuse',
    since: '0.1.0',
    about: 'How often those are forgotten who have not asked for long. Nobody is forgotten who has used up anything.',
  },
  'rate_limiting.client_max_idle_seconds': {
    type: 'integer',
    default: 600,
    min: 1,
    max: 2_147_483,
    outside: 'refuse',
    since: '0.1.0',
    about: 'For how long; not less than that interval.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
