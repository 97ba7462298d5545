import { createHash } from 'node:crypto';
import { describeUnknown } from '../role/known-permission.ts';
import type { Roles } from '../role/role.ts';

/** A program listed in `auth.clients` of the configuration. */
export interface Client {
  readonly id: string;
  readonly role: string;
  /** SHA-256 of its secret. */
  readonly secretDigest: Uint8Array;
}

const MAX_CLIENTS = 1000;
const CLIENT_ID = /^[\x21-\x39\x3b-\x7e]{1,128}$/;

/**
 * Parses entries `id:secret:role`. The first and last colon separate the parts, so a secret may contain colons. Omits
 * an invalid entry and returns a problem text without the secret.
 */
export function clientsOf(
  entries: readonly string[],
  roles: Roles,
): { readonly clients: readonly Client[]; readonly problems: readonly string[] } {
  const clients = new Map<string, Client>();
  const problems: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const first = entry.indexOf(':');
    const last = entry.lastIndexOf(':');
    const [id, secret, role] = [
      entry.slice(0, Math.max(first, 0)),
      entry.slice(first + 1, last),
      entry.slice(last + 1),
    ];
    const problem =
      first < 1 || last <= first + 1
        ? 'is invalid: the format is id:secret:role'
        : problemOf(id, role.toLowerCase(), clients, roles);
    if (problem === undefined) {
      clients.set(id, { id, role: role.toLowerCase(), secretDigest: digestOf(secret) });
    } else {
      problems.push(`auth.clients[${index}] ${problem}. It is ignored`);
    }
  }
  return { clients: [...clients.values()], problems };
}

function problemOf(id: string, role: string, clients: ReadonlyMap<string, Client>, roles: Roles): string | undefined {
  if (!CLIENT_ID.test(id)) return 'has an id that is not 1 to 128 printable ASCII characters';
  if (clients.has(id)) return `has the id "${id}" of an earlier entry`;
  if (clients.size >= MAX_CLIENTS) return `exceeds the maximum of ${MAX_CLIENTS} clients`;
  if (!roles.permissionsOf(role)) return `("${id}") has no role ${describeUnknown(role, roles.names)}`;
  return undefined;
}

/** Digests have equal length, so that the duration of a comparison reveals nothing about a secret. */
export const digestOf = (secret: string): Uint8Array => createHash('sha256').update(secret).digest();
