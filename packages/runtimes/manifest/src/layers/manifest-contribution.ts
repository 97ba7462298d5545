import type { Contribution } from '@medkit/core';
import type { Manifest } from '../document/manifest.ts';

/** Runtime name of the manifest. */
export const MANIFEST_RUNTIME = 'manifest';
/** Higher than the graph's 10, so that an entity of both counts as one of the manifest. */
const MANIFEST_PRIORITY = 20;

/** Returns the entities of a manifest; empty without a manifest. */
export function manifestContribution(manifest: Manifest | undefined): Contribution {
  const { areas = [], components = [], apps = [], functions = [] } = manifest?.entities ?? {};
  return { runtime: MANIFEST_RUNTIME, priority: MANIFEST_PRIORITY, areas, components, apps, functions };
}
