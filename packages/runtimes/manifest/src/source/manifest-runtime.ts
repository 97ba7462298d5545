import type { Runtime } from '@medkit/core';
import { MANIFEST_RUNTIME, manifestContribution } from '../layers/manifest-contribution.ts';
import type { ManifestSource } from './manifest-source.ts';

/** A manifest as a runtime that contributes entities but no resources. */
export function manifestRuntime(source: ManifestSource): Runtime {
  return {
    name: MANIFEST_RUNTIME,
    providers: {},
    start: async ({ changed }) => source.watch(changed),
    stop: () => source.stop(),
    contribution: () => manifestContribution(source.manifest),
    health: async () => ({ warnings: source.warnings(), blocks: { 'x-medkit-manifest': source.status() } }),
  };
}
