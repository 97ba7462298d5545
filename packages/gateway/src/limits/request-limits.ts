import type { Clock } from '@medkit/edges';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type EndpointLimit, endpointLimit, meets } from '../config/endpoint-limit.ts';
import type { GatewayConfig } from '../config/index.ts';
import { StartRefused } from '../listen.ts';
import { onBehalfOf } from '../security/delegation.ts';
import { lacksCredentials } from '../security/identity.ts';
import { addressPrefix } from './address-prefix.ts';
import { BoundedTable } from './bounded-table.ts';
import { rateLimitExceeded, retryTimes } from './rate-limit-exceeded.ts';
import { RateLimiter, type Verdict } from './rate-limiter.ts';
import { isFree, requestCost } from './request-cost.ts';

/** Users of one fleet hub with a separate allowance; further ones share these. */
const MAX_HUB_USERS = 16;

export interface RequestLimitsOptions {
  readonly config: GatewayConfig['rate_limiting'];
  readonly clock: Clock;
}

/** Called for every request once its sender is identified; throws `rate-limit-exceeded`. */
export type RequestLimits = (request: FastifyRequest, reply: FastifyReply) => void;

/** Applies the configured rate limits and sends the remaining allowance in headers. */
export function requestLimits({ config, clock }: RequestLimitsOptions): RequestLimits {
  const limitOf = endpointLimits(config.endpoint_limits);
  const userOfHub = hubUsers();
  const limiter = new RateLimiter({
    clock,
    clientPerMinute: config.client_requests_per_minute,
    globalPerMinute: config.global_requests_per_minute,
    cleanupMs: config.client_cleanup_interval_seconds * 1000,
    maxIdleMs: config.client_max_idle_seconds * 1000,
  });
  return (request, reply) => {
    if (isFree(request)) return;
    const verdict = limiter.judge({
      client: request.principal.kind === 'hub' ? userOfHub(request) : clientOf(request),
      endpoint: limitOf(request),
      cost: requestCost(request),
      isGlobal: !lacksCredentials(request.principal),
    });
    setHeaders(reply, clock, verdict);
  };
}

/**
 * Returns a function that gives the key of the bucket of a user of a fleet hub, which forwards the requests of all of
 * them. A new user takes the bucket that was unused for the longest time, with its remaining allowance: a hub that
 * invents users gets no more.
 */
function hubUsers(): (request: FastifyRequest) => string {
  /** By hub: a robot has at most two. */
  const ofHubs = new Map<string, BoundedTable<string>>();
  return (request) => {
    const { id } = request.principal;
    const user = onBehalfOf(request);
    if (user === undefined) return id;
    const users = ofHubs.get(id) ?? new BoundedTable<string>(MAX_HUB_USERS);
    ofHubs.set(id, users);
    const known = users.get(user);
    if (known !== undefined) return known;
    const [oldest] = users.size < MAX_HUB_USERS ? [] : users.entries();
    const bucket = oldest?.[1] ?? `${id} ${users.size}`;
    if (oldest) users.delete(oldest[0]);
    users.set(user, bucket);
    return bucket;
  };
}

/** Returns the key of the bucket that a request uses. */
function clientOf({ principal: { kind, id }, ip }: FastifyRequest): string {
  if (kind === 'anonymous') return addressPrefix(ip);
  // Many clients may share the server's token.
  return kind === 'token' ? `${id} ${addressPrefix(ip)}` : id;
}

function setHeaders(reply: FastifyReply, clock: Clock, { isAdmitted, perMinute, remaining, waitMs }: Verdict): void {
  const { seconds, reset } = retryTimes(clock, waitMs);
  reply
    .header('X-RateLimit-Limit', perMinute)
    .header('X-RateLimit-Remaining', remaining)
    .header('X-RateLimit-Reset', reset);
  if (!isAdmitted) throw rateLimitExceeded(reply, { retry_after: seconds, limit: perMinute, reset });
}

/** Returns the first limit that matches the decoded path of the router, so that another spelling does not bypass it. */
function endpointLimits(entries: readonly string[]): (request: FastifyRequest) => EndpointLimit | undefined {
  const limits = entries.map((entry) => {
    const limit = endpointLimit(entry);
    if (!limit) throw new StartRefused(`rate_limiting.endpoint_limits: "${entry}" is not a pattern and a number`);
    return limit;
  });
  if (limits.length === 0) return () => undefined;
  return (request) => {
    const { url } = request.routeOptions;
    if (url === undefined) return undefined;
    const params = request.params as Readonly<Record<string, string>>;
    const path = url
      .split('/')
      .filter((text) => text !== '')
      .map((text) => (text === '*' ? params['*'] : text.startsWith(':') ? params[text.slice(1)] : text) ?? '');
    return limits.find(({ segments }) => meets(segments, path));
  };
}
