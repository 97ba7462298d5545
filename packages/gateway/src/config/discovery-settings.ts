import type { Setting } from './setting.ts';

const text = { type: 'text', default: '', since: '0.1.0' } as const;
const on = { type: 'boolean', default: true, since: '0.1.0' } as const;
const off = { type: 'boolean', default: false, since: '0.1.0' } as const;
const texts = { type: 'list', default: [], since: '0.1.0' } as const;

/**
 * A merge policy. `usual` applies if it is not set, unless the manifest declares that discovery must not override it.
 */
const policy = (usual: string, about: string) =>
  ({ ...text, defaultText: usual, about: `${about}: \`authoritative\`, \`enrichment\` or \`fallback\`.` }) as const;

/** Settings of the source of the tree: a manifest, the graph, or both. */
export const DISCOVERY_SETTINGS = {
  'discovery.mode': {
    ...text,
    default: 'runtime_only',
    about:
      'Source of the tree: `runtime_only` uses the graph; `hybrid` uses a manifest and links its apps to running nodes; `manifest_only` uses only the manifest.',
  },
  'discovery.manifest_path': { ...text, defaultText: 'none', about: 'Path of the manifest.' },
  'discovery.manifest_strict_validation': {
    ...on,
    about: 'Refuses a manifest with warnings, not only one with errors.',
  },
  'discovery.manifest.enabled': { ...on, about: 'In hybrid mode: includes the manifest in the tree.' },
  'discovery.manifest.fragments_dir': {
    ...text,
    defaultText: 'none',
    about: 'Folder of manifest fragments: YAML files with apps, components and functions.',
  },
  'discovery.manifest.watch_interval_ms': {
    type: 'integer',
    default: 1000,
    min: 100,
    max: 3_600_000,
    outside: 'clamp',
    special: { value: 0, meaning: 'never' },
    since: '0.1.0',
    about:
      'Interval in milliseconds at which the files of the manifest are checked; a new version is used immediately.',
  },
  'discovery.inventory.csv_path': {
    ...text,
    defaultText: 'none',
    about: 'Table of assets (CSV with a column `id`) that become components of the manifest.',
  },
  'discovery.runtime.enabled': { ...on, about: 'In hybrid mode: includes running nodes in the tree.' },
  'discovery.merge_pipeline.gap_fill.allow_heuristic_apps': {
    ...on,
    about: 'In hybrid mode: shows nodes that match no app of the manifest.',
  },
  'discovery.merge_pipeline.gap_fill.allow_heuristic_functions': {
    ...off,
    about: 'In hybrid mode: shows the functions derived from namespaces.',
  },
  'discovery.merge_pipeline.gap_fill.namespace_whitelist': {
    ...texts,
    about: 'In hybrid mode: shows unmatched nodes only if they are in these namespaces.',
  },
  'discovery.merge_pipeline.gap_fill.namespace_blacklist': {
    ...texts,
    about: 'In hybrid mode: hides unmatched nodes in these namespaces.',
  },
  'discovery.merge_pipeline.layers.manifest.identity': policy(
    'authoritative',
    'Precedence of the manifest for names, descriptions, tags and nameplates',
  ),
  'discovery.merge_pipeline.layers.manifest.hierarchy': policy(
    'authoritative',
    'Precedence of the manifest for the hierarchy',
  ),
  'discovery.merge_pipeline.layers.manifest.live_data': policy(
    'enrichment',
    'Precedence of the manifest for the location of resources',
  ),
  'discovery.merge_pipeline.layers.manifest.status': policy(
    'fallback',
    'Precedence of the manifest for the online state',
  ),
  'discovery.merge_pipeline.layers.manifest.metadata': policy(
    'authoritative',
    'Precedence of the manifest for variants, bindings and locks',
  ),
  'discovery.merge_pipeline.layers.runtime.identity': policy(
    'fallback',
    'Precedence of the graph for names, descriptions, tags and nameplates',
  ),
  'discovery.merge_pipeline.layers.runtime.hierarchy': policy('fallback', 'Precedence of the graph for the hierarchy'),
  'discovery.merge_pipeline.layers.runtime.live_data': policy(
    'authoritative',
    'Precedence of the graph for the location of resources',
  ),
  'discovery.merge_pipeline.layers.runtime.status': policy(
    'authoritative',
    'Precedence of the graph for the online state',
  ),
  'discovery.merge_pipeline.layers.runtime.metadata': policy(
    'enrichment',
    'Precedence of the graph for variants, bindings and locks',
  ),
} as const satisfies Readonly<Record<string, Setting>>;
