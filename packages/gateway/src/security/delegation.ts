import { PEER_HEADERS, PERMISSIONS, type Permission } from '@medkit/contract';
import { ALL_PERMISSIONS, type Principal } from '@medkit/core';
import type { FastifyRequest } from 'fastify';
import type { Identity, RequestSender } from './identity.ts';

const MAX_HEADER_LENGTH = 1024;

/** Principals that cannot act for another client, whatever their permissions. */
const ALONE: readonly Principal['kind'][] = ['anonymous', 'plugin'];

type RequestIdentity = Pick<FastifyRequest, 'headers' | 'principal'>;

/** Returns the client for which a peer sent the request. Only accepted from a principal that may impersonate. */
export function onBehalfOf({ headers, principal }: RequestIdentity): string | undefined {
  const name = headers[PEER_HEADERS.onBehalfOf];
  const isTaken = !ALONE.includes(principal.kind) && principal.permissions.has('impersonate');
  return isTaken && typeof name === 'string' && /^[\w.@:+-]{1,128}$/.test(name) ? name : undefined;
}

/**
 * Returns the client for which this gateway forwards a request, and its permissions; `undefined` if the gateway has no
 * authentication. A client that reads without authentication may also only read there.
 */
export function forwardedClient(
  request: RequestIdentity,
): { readonly name: string; readonly permissions: string } | undefined {
  const { kind, id, permissions } = request.principal;
  const isAnybody = kind === 'anonymous' && permissions.size === ALL_PERMISSIONS.size;
  const name = onBehalfOf(request) ?? (isAnybody ? undefined : id);
  return name === undefined ? undefined : { name, permissions: [...permissions].join(',') };
}

/** Restricted principals, by forwarding principal and permissions; there are few. */
const restricted = new WeakMap<Principal, Map<string, Principal>>();
const MAX_RESTRICTED = 64;

/**
 * Restricts a forwarded request to the permissions that the client has at the forwarding gateway, and to those of the
 * forwarding gateway itself. The header can only restrict its sender, so it needs no trust.
 */
export function restrictIdentity({ headers }: RequestSender, identity: Identity): Identity {
  const header = headers[PEER_HEADERS.permissions];
  const { principal } = identity;
  if (header === undefined || principal.kind === 'anonymous') return identity;
  if (headers[PEER_HEADERS.onBehalfOf] === undefined && principal.kind !== 'hub') return identity;
  const said = String(header);
  let known = restricted.get(principal);
  if (!known) {
    known = new Map();
    restricted.set(principal, known);
  }
  let narrowed = known.get(said);
  if (!narrowed) {
    narrowed = { ...principal, permissions: common(principal.permissions, said) };
    if (known.size >= MAX_RESTRICTED) known.clear();
    known.set(said, narrowed);
  }
  return { ...identity, principal: narrowed };
}

/** An unknown permission name comes from a newer gateway and grants nothing here. */
function common(granted: ReadonlySet<Permission>, said: string): ReadonlySet<Permission> {
  if (said.length > MAX_HEADER_LENGTH) return new Set();
  const names = said.split(',').map((name) => name.trim());
  const allowed = new Set(names.filter((name): name is Permission => Object.hasOwn(PERMISSIONS, name)));
  // The forwarding gateway may still impersonate: its header with the client's name is accepted as before.
  if (granted.has('impersonate')) allowed.add('impersonate');
  return new Set([...allowed].filter((permission) => granted.has(permission)));
}
