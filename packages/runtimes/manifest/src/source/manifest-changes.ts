import { isDeepStrictEqual } from 'node:util';
import type { EntityKind, EntityLists } from '@medkit/core';
import type { Manifest } from '../document/manifest.ts';

/** Differences between two versions of a manifest, as `app lidar_driver`. */
export interface ManifestChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** Names that one line lists; further ones are counted. */
const NAMES_IN_A_LINE = 8;

/** Returns the differences between two versions of a manifest; without a previous version, everything is added. */
export function manifestChanges(before: Manifest | undefined, after: Manifest): ManifestChanges {
  const [old, now] = [partsOf(before), partsOf(after)];
  return {
    added: [...now.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !now.has(name)),
    changed: [...now]
      .filter(([name, part]) => old.has(name) && !isDeepStrictEqual(part, old.get(name)))
      .map(([name]) => name),
  };
}

/** Returns `added app arm; removed area hall; changed component base, config`, or `nothing changed`. */
export function changesText(changes: ManifestChanges): string {
  const said = (['added', 'removed', 'changed'] as const)
    .filter((what) => changes[what].length > 0)
    .map((what) => `${what} ${shortened(changes[what])}`);
  return said.length > 0 ? said.join('; ') : 'nothing changed';
}

function shortened(names: readonly string[]): string {
  const more = names.length - NAMES_IN_A_LINE;
  return names.slice(0, NAMES_IN_A_LINE).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const LISTS: readonly (readonly [EntityKind, keyof EntityLists])[] = [
  ['area', 'areas'],
  ['component', 'components'],
  ['app', 'apps'],
  ['function', 'functions'],
];

function partsOf(manifest: Manifest | undefined): ReadonlyMap<string, unknown> {
  if (!manifest) return new Map();
  const { entities, scripts, channels, config } = manifest;
  return new Map<string, unknown>([
    ...LISTS.flatMap(([kind, list]) => entities[list].map((entity) => [`${kind} ${entity.id}`, entity] as const)),
    ...scripts.map((script) => [`script ${script.id}`, script] as const),
    ...[...channels].map(([name, meaning]) => [`topic ${name}`, meaning] as const),
    ['config', config] as const,
  ]);
}
