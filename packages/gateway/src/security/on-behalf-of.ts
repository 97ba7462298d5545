import { PERMISSIONS, type Permission } from '@medkit/contract';
import { ALL_PERMISSIONS, type Principal } from '@medkit/core';
import type { FastifyRequest } from 'fastify';
import type { Asking, Identity } from './identity.ts';

/** Names for whom a gateway asks that shows the entities of this one. */
const HEADER = 'x-medkit-on-behalf-of';
/** What that one may at the gateway that asks, parted by commas; everything where it is not said. */
const PERMISSIONS_HEADER = 'x-medkit-permissions';
const MAX_HEADER_LENGTH = 1024;

/** Who asks for nobody else, whatever it may. */
const ALONE: readonly Principal['kind'][] = ['anonymous', 'plugin'];

type Asked = Pick<FastifyRequest, 'headers' | 'principal'>;

/** For whom a request is, as the other gateway says that sent it: taken from one that may ask for others. */
export function onBehalfOf({ headers, principal }: Asked): string | undefined {
  const name = headers[HEADER];
  const isTaken = !ALONE.includes(principal.kind) && principal.permissions.has('impersonate');
  return isTaken && typeof name === 'string' && /^[\w.@:+-]{1,128}$/.test(name) ? name : undefined;
}

/**
 * For whom this gateway asks another one, and what that may; `undefined` where nobody has to say who it is and all may do
 * everything. Who need not say it to read may no more there, either.
 */
export function askedFor(request: Asked): { readonly name: string; readonly permissions: string } | undefined {
  const { kind, id, permissions } = request.principal;
  const isAnybody = kind === 'anonymous' && permissions.size === ALL_PERMISSIONS.size;
  const name = onBehalfOf(request) ?? (isAnybody ? undefined : id);
  return name === undefined ? undefined : { name, permissions: [...permissions].join(',') };
}

/** The few that are asked for, by who asks for them and what they may. */
const restricted = new WeakMap<Principal, Map<string, Principal>>();
const MAX_RESTRICTED = 64;

/**
 * Who asks for somebody else may no more than that one may at the gateway that asks, and no more than itself. The header
 * restricts whoever sends it: nobody gains by it.
 */
export function restrictedTo({ headers }: Asking, identity: Identity): Identity {
  const header = headers[PERMISSIONS_HEADER];
  const { principal } = identity;
  if (header === undefined || headers[HEADER] === undefined || principal.kind === 'anonymous') return identity;
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

/** A name that this gateway does not know is of a newer one, and allows nothing here. */
function common(own: ReadonlySet<Permission>, said: string): ReadonlySet<Permission> {
  if (said.length > MAX_HEADER_LENGTH) return new Set();
  const names = said.split(',').map((name) => name.trim());
  const allowed = new Set(names.filter((name): name is Permission => Object.hasOwn(PERMISSIONS, name)));
  // It still is the gateway that asks: whose name it says is taken as before.
  if (own.has('impersonate')) allowed.add('impersonate');
  return new Set([...allowed].filter((permission) => own.has(permission)));
}
