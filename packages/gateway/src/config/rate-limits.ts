import { ALL_ROUTES, API_BASE } from '@medkit/contract';
import { ConfigRefused, type Notice } from './assignment.ts';
import { ANY_SEGMENT, type EndpointLimit, endpointLimit, meets, type Segment } from './endpoint-limit.ts';
import type { FlatConfig } from './gateway-config.ts';

/**
 * Checks rules across the rate limit settings, if rate limiting is enabled. Throws `ConfigRefused` if a rule is broken;
 * ros2_medkit then starts without any limit.
 */
export function validateRateLimits(config: FlatConfig): readonly Notice[] {
  if (!config['rate_limiting.enabled']) return [];
  const refusals: string[] = [];
  const larger = (key: keyof FlatConfig, than: keyof FlatConfig): void => {
    if (config[key] > config[than]) refusals.push(`${key}: ${config[key]} is more than ${than}, ${config[than]}`);
  };
  larger('rate_limiting.client_requests_per_minute', 'rate_limiting.global_requests_per_minute');
  larger('rate_limiting.client_cleanup_interval_seconds', 'rate_limiting.client_max_idle_seconds');
  const limits = config['rate_limiting.endpoint_limits'].flatMap((entry) => {
    const limit = endpointLimit(entry);
    if (!limit) {
      refusals.push(
        `rate_limiting.endpoint_limits: "${entry}" is not a path pattern with requests per minute, such as /api/v1/apps/**:30`,
      );
    }
    return limit ?? [];
  });
  if (refusals.length > 0) throw new ConfigRefused(refusals);
  return limits.filter(isIdle).map(({ pattern }) => ({
    level: 'warning',
    text: `rate_limiting.endpoint_limits: ${pattern} matches no route of medkit, so it can only limit routes of plugins. * matches one segment, ** any number`,
  }));
}

/**
 * Returns whether a limit matches no route of the contract, as the one in the secure profile of ros2_medkit. A segment
 * that is not part of a route template may be an id; a segment of one is not.
 */
function isIdle({ segments }: EndpointLimit): boolean {
  const templates = ALL_ROUTES.map(({ path }) => `${API_BASE}${path}`.split('/').filter((text) => text !== ''));
  const known = new Set<Segment>(templates.flat());
  const named = segments.map((text) => (typeof text !== 'string' || known.has(text) ? text : ANY_SEGMENT));
  return !templates.some((template) => meets(named, template));
}
