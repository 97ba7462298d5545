import { formatScopes, parseScopes } from '@medkit/accounts/scope-text';
import type { EntityScope, FleetGrant } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { formatLimits } from './limits.ts';

/** Option of commands that limit an account to entities. */
export const SCOPE_OPTION = {
  takes: '<scopes>',
  about:
    'limits to entities: "components/arm/**,tag:supplier=acme collections=faults,data permissions=read", several separated by ;. none: all entities',
};

/** Reads the value of `--scope`; `undefined` without the option. Throws `CommandFailed`. */
export function readScopes(text: string | undefined): EntityScope[] | undefined {
  if (text === undefined) return undefined;
  if (text === 'none') return [];
  const scopes = parseScopes(text);
  if (typeof scopes === 'string') throw new CommandFailed(scopes, ExitCode.usage);
  return scopes.map(({ entities, collections, permissions }) => ({
    entities: [...entities],
    ...(collections && { collections: [...collections] }),
    ...(permissions && { permissions: [...permissions] }),
  }));
}

/** Describes all limits of an account; empty if it has none. */
export const formatAccountLimits = ({
  grants,
  scopes,
}: {
  readonly grants?: readonly FleetGrant[] | null | undefined;
  readonly scopes?: readonly EntityScope[] | null | undefined;
}): string => [formatLimits(grants), formatScopes(scopes)].filter(Boolean).join(', ');
