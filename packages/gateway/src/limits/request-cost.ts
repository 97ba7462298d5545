import type { FastifyRequest } from 'fastify';
import type { Need } from '../security/authorise.ts';

const READ = 1;
const CHANGE = 2;
/** Keeps the disk busy for long: a download, or a walk through the whole audit log. */
const BULK = 20;

const BULK_NEEDS: ReadonlySet<Need> = new Set<Need>(['files.read', 'audit.verify']);

/** Returns the cost of a request in tokens. An event stream counts once, when it is opened. */
export function requestCost({ method, routeOptions }: Pick<FastifyRequest, 'method' | 'routeOptions'>): number {
  const { permission } = routeOptions.config;
  if (permission !== undefined && BULK_NEEDS.has(permission)) return BULK;
  return isRead(method) ? READ : CHANGE;
}

/**
 * Returns whether a request is free: a health check, a public page without robot data, a preflight request, or a
 * request of the gateway itself.
 */
export function isFree({ method, routeOptions, principal }: FastifyRequest): boolean {
  const { permission, route } = routeOptions.config;
  if (method === 'OPTIONS' || route?.operationId === 'getHealth') return true;
  if (permission === 'public' && isRead(method)) return true;
  return principal.kind === 'plugin' || principal.kind === 'gateway';
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}
