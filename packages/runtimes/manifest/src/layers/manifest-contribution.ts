import type { Contribution } from '@medkit/core';
import type { Manifest } from '../document/manifest.ts';

/** The name of the manifest among the runtimes. */
export const MANIFEST_RUNTIME = 'manifest';
/** Before the graph, which has 10, so that an entity of both is one of the manifest. */
const MANIFEST_PRIORITY = 20;

/** What a manifest tells of the tree; nothing where there is none. */
export function manifestContribution(manifest: Manifest | undefined): Contribution {
  const { areas = [], components = [], apps = [], functions = [] } = manifest?.entities ?? {};
  return { runtime: MANIFEST_RUNTIME, priority: MANIFEST_PRIORITY, areas, components, apps, functions };
}
