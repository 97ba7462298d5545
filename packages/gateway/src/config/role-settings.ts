import type { Assignment, Notice } from './assignment.ts';

const PREFIX = 'auth.roles.';
const MAX_ROLES = 64;

/** A user-defined role as configured. It is checked later, when all roles are known. */
export interface RoleSettings {
  readonly extends?: string;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
}

/** Returns whether a key belongs to a role. */
export function isRoleKey(key: string): boolean {
  return key.startsWith(PREFIX);
}

/** Reads the settings of roles, by name; of several assignments of a key, the last one applies. */
export function readRoleSettings(assignments: readonly Assignment[]): {
  readonly roles: Readonly<Record<string, RoleSettings>>;
  readonly notices: readonly Notice[];
} {
  const roles = new Map<string, RoleSettings>();
  const notices: Notice[] = [];
  for (const { key, value, origin } of assignments) {
    const [name = '', member, ...more] = key.slice(PREFIX.length).split('.');
    const isKnown = more.length === 0 && (member === 'extends' || member === 'allow' || member === 'deny');
    if (!isKnown || name === '' || (roles.size >= MAX_ROLES && !roles.has(name))) {
      const text = isKnown
        ? `${key} is ignored: the maximum is ${MAX_ROLES} roles (${origin})`
        : `${key}: a role can only have extends, allow and deny (${origin})`;
      notices.push({ level: 'error', text });
    } else if (value !== null) {
      roles.set(name, { ...roles.get(name), ...memberOf(member, value) });
    }
  }
  return { roles: Object.fromEntries(roles), notices };
}

function memberOf(member: 'extends' | 'allow' | 'deny', value: string | readonly string[]): RoleSettings {
  if (member === 'extends') return { extends: String(value) };
  return { [member]: typeof value === 'string' ? value.split(',').map((text) => text.trim()) : value };
}
