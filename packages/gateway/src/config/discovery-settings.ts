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
      'Where the tree comes from: `runtime_only` is the graph, `hybrid` a manifest whose apps are found among the nodes that run, `manifest_only` the manifest alone.',
  },
  'discovery.manifest_path': { ...text, defaultText: 'none', about: 'File of the manifest.' },
  'discovery.manifest_strict_validation': {
    ...on,
    about: 'Refuse a manifest for warnings, too, not for errors alone.',
  },
  'discovery.manifest.enabled': { ...on, about: 'In hybrid mode: take the manifest into the tree.' },
  'discovery.manifest.fragments_dir': {
    ...text,
    defaultText: 'none',
    about: 'Folder of fragments: YAML files with apps, components and functions that belong to the manifest.',
  },
  'discovery.manifest.watch_interval_ms': {
    type: 'integer',
    default: 1000,
    min: 100,
    max: 3_600_000,
    outside: 'clamp',
    special: { value: 0, meaning: 'never' },
    since: '0.1.0',
    about: 'How often, in milliseconds, the files of the manifest are looked at; a new version is used at once.',
  },
  'discovery.inventory.csv_path': {
    ...text,
    defaultText: 'none',
    about: 'Table of assets (CSV with a column `id`) that are components of the manifest.',
  },
  'discovery.runtime.enabled': { ...on, about: 'In hybrid mode: take what runs into the tree.' },
  'discovery.merge_pipeline.gap_fill.allow_heuristic_apps': {
    ...on,
    about: 'In hybrid mode: show nodes that no app of the manifest is.',
  },
  'discovery.merge_pipeline.gap_fill.allow_heuristic_functions': {
    ...off,
    about: 'In hybrid mode: show the functions that are made from namespaces.',
  },
  'discovery.merge_pipeline.gap_fill.namespace_whitelist': {
    ...texts,
    about: 'In hybrid mode: of nodes that no app is, show only those in these namespaces.',
  },
  'discovery.merge_pipeline.gap_fill.namespace_blacklist': {
    ...texts,
    about: 'In hybrid mode: of nodes that no app is, show none in these namespaces.',
  },
  'discovery.merge_pipeline.layers.manifest.identity': policy(
    'authoritative',
    'How much the manifest counts for names, descriptions, tags and nameplates',
  ),
  'discovery.merge_pipeline.layers.manifest.hierarchy': policy(
    'authoritative',
    'How much the manifest counts for what belongs to what',
  ),
  'discovery.merge_pipeline.layers.manifest.live_data': policy(
    'enrichment',
    'How much the manifest counts for where resources are',
  ),
  'discovery.merge_pipeline.layers.manifest.status': policy(
    'fallback',
    'How much the manifest counts for what is online',
  ),
  'discovery.merge_pipeline.layers.manifest.metadata': policy(
    'authoritative',
    'How much the manifest counts for variants, bindings and locks',
  ),
  'discovery.merge_pipeline.layers.runtime.identity': policy(
    'fallback',
    'How much the graph counts for names, descriptions, tags and nameplates',
  ),
  'discovery.merge_pipeline.layers.runtime.hierarchy': policy(
    'fallback',
    'How much the graph counts for what belongs to what',
  ),
  'discovery.merge_pipeline.layers.runtime.live_data': policy(
    'authoritative',
    'How much the graph counts for where resources are',
  ),
  'discovery.merge_pipeline.layers.runtime.status': policy(
    'authoritative',
    'How much the graph counts for what is online',
  ),
  'discovery.merge_pipeline.layers.runtime.metadata': policy(
    'enrichment',
    'How much the graph counts for variants, bindings and locks',
  ),
} as const satisfies Readonly<Record<string, Setting>>;
