import type { EntityScope } from '@medkit/core';
import { type Assignment, ConfigRefused, type Notice } from './assignment.ts';

const PREFIX = 'auth.roles.';
const MAX_ROLES = 64;

/** A user-defined role as configured. It is checked later, when all roles are known. */
export interface RoleSettings {
  readonly extends?: string;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  readonly scopes?: readonly EntityScope[];
}

const MEMBERS = ['extends', 'allow', 'deny', 'scopes'] as const;
type Member = (typeof MEMBERS)[number];

/** Returns whether a key belongs to a role. */
export function isRoleKey(key: string): boolean {
  return key.startsWith(PREFIX);
}

/** Reads the settings of roles, by name; of several assignments of a key, the last one applies. Throws `ConfigRefused`. */
export async function readRoleSettings(assignments: readonly Assignment[]): Promise<{
  readonly roles: Readonly<Record<string, RoleSettings>>;
  readonly notices: readonly Notice[];
}> {
  const roles = new Map<string, RoleSettings>();
  const notices: Notice[] = [];
  for (const { key, value, origin } of assignments) {
    const [name = '', member, ...more] = key.slice(PREFIX.length).split('.');
    const isKnown = more.length === 0 && isMember(member);
    if (!isKnown || name === '' || (roles.size >= MAX_ROLES && !roles.has(name))) {
      const text = isKnown
        ? `${key} is ignored: the maximum is ${MAX_ROLES} roles (${origin})`
        : `${key}: a role can only have extends, allow, deny and scopes (${origin})`;
      notices.push({ level: 'error', text });
    } else if (value !== null) {
      const read = await memberOf(member, value);
      // A role without its scopes would have more rights than intended.
      if (typeof read === 'string') throw new ConfigRefused([`${key}: ${read} (${origin})`]);
      roles.set(name, { ...roles.get(name), ...read });
    }
  }
  return { roles: Object.fromEntries(roles), notices };
}

const isMember = (member: string | undefined): member is Member => MEMBERS.some((each) => each === member);

/** Returns a member of a role, or the problem of its value. The grammar of scopes is loaded only if a role has some. */
async function memberOf(member: Member, value: string | readonly string[]): Promise<RoleSettings | string> {
  if (member === 'extends') return { extends: String(value) };
  if (member === 'scopes') {
    const { parseScopes } = await import('@medkit/accounts/scope-text');
    const scopes = parseScopes([value].flat().join(';'));
    return typeof scopes === 'string' ? scopes : { scopes };
  }
  return { [member]: typeof value === 'string' ? value.split(',').map((text) => text.trim()) : value };
}
