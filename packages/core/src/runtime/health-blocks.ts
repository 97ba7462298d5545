import type { QuotaFigures } from '@medkit/edges';
import type { RuntimeHealth } from './runtime.ts';

const QUOTAS = 'x-medkit-quotas';

/** Merges the health blocks of all parts. If several parts have the same block, it gets the members of each. */
export function mergeBlocks(all: readonly Pick<RuntimeHealth, 'blocks'>[]): RuntimeHealth['blocks'] {
  const merged: Record<string, RuntimeHealth['blocks'][string]> = {};
  for (const { blocks } of all) {
    for (const [name, block] of Object.entries(blocks)) merged[name] = { ...merged[name], ...block };
  }
  return merged;
}

/** Returns the block `x-medkit-quotas` with the figures of each collection by name, or no block if there is none. */
export function quotaBlock(quotas: Readonly<Record<string, { figures(): QuotaFigures }>>): RuntimeHealth['blocks'] {
  const figures = Object.entries(quotas).map(([name, quota]) => [name, quota.figures()] as const);
  return figures.length === 0 ? {} : { [QUOTAS]: Object.fromEntries(figures) };
}
