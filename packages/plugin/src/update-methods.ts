import type { UpdateProvider } from '@medkit/core';

/** What everything that installs updates can do. */
export const UPDATE_METHODS = [
  'list',
  'get',
  'register',
  'remove',
  'prepare',
  'execute',
] as const satisfies readonly (keyof UpdateProvider)[];

/** What a provider of updates can do, by itself or by its class. */
export function updateMethods(provider: UpdateProvider): readonly (keyof UpdateProvider)[] {
  return [...UPDATE_METHODS, 'progress' as const, 'resume' as const].filter(
    (name) => typeof provider[name] === 'function',
  );
}
