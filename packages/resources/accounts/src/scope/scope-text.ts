import type { EntityScope } from '@medkit/core';

const MEMBER = /^(collections|permissions)=(.+)$/s;
const listIn = (text: string): readonly string[] => text.split(',').map((each) => each.trim());

/**
 * Parses scopes of the command line and of the configuration: `components/arm,areas/line-2/** collections=faults,data
 * permissions=read`, several separated by `;`. Returns the problem of an invalid text. The entities and names are not checked.
 */
export function parseScopes(text: string): readonly EntityScope[] | string {
  const scopes: EntityScope[] = [];
  for (const part of text.split(';')) {
    const [entities = '', ...members] = part.trim().split(/\s+/u);
    const named = new Map<string, readonly string[]>();
    for (const member of members) {
      const [, name, list] = MEMBER.exec(member) ?? [];
      if (name === undefined || list === undefined || named.has(name)) return problemOf(part);
      named.set(name, listIn(list));
    }
    if (entities === '' || MEMBER.test(entities)) return problemOf(part);
    scopes.push({ entities: listIn(entities), ...Object.fromEntries(named) });
  }
  return scopes;
}

const problemOf = (part: string): string =>
  `"${part.trim().slice(0, 80)}" is not a scope: use <entities> collections=<names> permissions=<names>, such as "components/arm/** collections=faults,data"`;

/** Describes scopes as `parseScopes` takes them; empty for all entities. */
export const formatScopes = (scopes: readonly Nullable<EntityScope>[] | null | undefined): string =>
  (scopes ?? [])
    .map(({ entities, collections, permissions }) =>
      [
        entities.join(','),
        ...(collections ? [`collections=${collections.join(',')}`] : []),
        ...(permissions ? [`permissions=${permissions.join(',')}`] : []),
      ].join(' '),
    )
    .join('; ');

/** A scope as replies have it, in which an absent member may be null. */
type Nullable<T> = { readonly [Name in keyof T]: undefined extends T[Name] ? T[Name] | null : T[Name] };
