import type { Assignment, Notice } from './assignment.ts';

const PREFIX = 'auth.roles.';
const MAX_ROLES = 64;

/** A role of one's own, as it was written. Whether it means something is judged where the others are known. */
export interface RoleSettings {
  readonly extends?: string;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
}

/** True for a key that is about one role, whatever it says of it. */
export function isRoleKey(key: string): boolean {
  return key.startsWith(PREFIX);
}

/** What is set of roles, by their names; a later assignment of a key counts. */
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
        ? `${key} is left out: ${MAX_ROLES} roles are the most (${origin})`
        : `${key}: a role has extends, allow and deny, and nothing else (${origin})`;
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
