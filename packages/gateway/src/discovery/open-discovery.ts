import type { HealthDiscovery } from '@medkit/contract';
import type {
  ChannelMeaning,
  Contribution,
  Log,
  ManagedScript,
  Model,
  Runtime,
  RuntimeHealth,
  Warning,
} from '@medkit/core';
import type { LayerPolicies } from '@medkit/core/merge';
import type { Clock, Timer } from '@medkit/edges';
import {
  arrangeManifestOnly,
  findingText,
  hybridDiscovery,
  isRefused,
  type Manifest,
  type ManifestFiles,
  ManifestSource,
  manifestRuntime,
} from '@medkit/manifest';
import type { GatewayConfig } from '../config/index.ts';
import type { StoredNodes } from '../entities/bound-nodes.ts';
import { StartRefused } from '../http/listen.ts';
import { hybridHealth, MANIFEST_ONLY, RUNTIME_ONLY } from './discovery-health.ts';
import { hybridSettings } from './hybrid-settings.ts';

export interface DiscoverySources {
  readonly config: Pick<GatewayConfig, 'discovery'>;
  readonly files: ManifestFiles;
  readonly clock: Clock;
  readonly log: Log;
  /** The nodes that apps of the manifest were before the restart. */
  readonly boundNodes?: StoredNodes;
}

/** Where the tree of a gateway comes from. */
export interface GatewayDiscovery {
  /** The manifest, where there is one. */
  readonly runtimes: readonly Runtime[];
  /** What becomes of contributions before they are merged. */
  arrange(contributions: readonly Contribution[]): readonly Contribution[];
  /** Whether an app of the manifest is known by the topics of its node. */
  topicsWanted(): boolean;
  /** Block `discovery` of `/health`. */
  state(model: Model): HealthDiscovery;
  health(): RuntimeHealth;
  /** The scripts that the manifest declares at the moment. */
  scripts(): readonly ManagedScript[];
  /** What it says of a channel, by its full name. */
  meaningOf(channel: string): ChannelMeaning | undefined;
  /** Whether the manifest, as it is now, marks a channel with `blocks_motion`. */
  hasBlockingChannel(): boolean;
}

const FINDINGS_IN_REFUSAL = 20;
/** Time after the start in which no other node becomes an app whose node is still away: nodes are discovered within seconds. */
const WAIT_FOR_NODES_MS = 10_000;

/** A name that a graph makes of its nodes gives way to one that a plugin was told. */
const GRAPH_ALONE: LayerPolicies = { identity: 'fallback' };

/**
 * Opens what the configuration says of discovery. Throws `StartRefused` where the manifest is all there is to be and cannot
 * be used; in hybrid mode the graph is shown alone until it can.
 */
export async function openDiscovery(sources: DiscoverySources): Promise<GatewayDiscovery> {
  const { config, log } = sources;
  const { mode, manifest_path: path } = config.discovery;
  if (mode === 'manifest_only') return manifestOnly(sources);
  if (mode !== 'hybrid') {
    if (mode !== 'runtime_only') {
      log('warn', `discovery.mode: "${mode}" is not runtime_only, hybrid or manifest_only; runtime_only counts`);
    }
    return runtimeOnly([]);
  }
  if (config.discovery.manifest.enabled && path === '') {
    const message = 'discovery.mode is hybrid, and discovery.manifest_path names no manifest: the graph is shown alone';
    log('warn', message);
    return runtimeOnly([{ code: 'manifest_missing', message }]);
  }
  return hybrid(sources);
}

function runtimeOnly(warnings: readonly Warning[]): GatewayDiscovery {
  return {
    runtimes: [],
    arrange: (contributions) => contributions.map((told) => (told.nodes ? { ...told, policies: GRAPH_ALONE } : told)),
    topicsWanted: () => false,
    state: () => RUNTIME_ONLY,
    health: () => ({ warnings, blocks: {} }),
    scripts: () => [],
    meaningOf: () => undefined,
    hasBlockingChannel: () => false,
  };
}

async function manifestOnly(sources: DiscoverySources): Promise<GatewayDiscovery> {
  if (sources.config.discovery.manifest_path === '') {
    throw new StartRefused('discovery.mode is manifest_only: discovery.manifest_path must name the manifest');
  }
  const source = manifestSource(sources);
  if (!(await source.load())) {
    const { findings } = source;
    const refusing = findings.filter((found) => isRefused([found], true)).slice(0, FINDINGS_IN_REFUSAL);
    throw new StartRefused(['the manifest was refused', ...refusing.map(findingText)].join('\n'));
  }
  return {
    runtimes: [manifestRuntime(source)],
    arrange: arrangeManifestOnly,
    topicsWanted: () => false,
    state: () => MANIFEST_ONLY,
    health: () => ({ warnings: [], blocks: {} }),
    scripts: () => source.manifest?.scripts ?? [],
    meaningOf: (channel) => source.manifest?.channels.get(channel),
    hasBlockingChannel: () => hasBlocking(source.manifest),
  };
}

/** Stands in for the manifest where that takes no part. */
const NO_MANIFEST: Manifest = {
  metadata: {},
  config: { unmanifestedNodes: 'include_as_orphan', inheritRuntimeResources: true, allowManifestOverride: true },
  entities: { areas: [], components: [], apps: [], functions: [] },
  scripts: [],
  channels: new Map(),
};

/** The runtime of a manifest, which has the tree merged once more when the wait for nodes of before the restart ends. */
function waitingForNodes(runtime: Runtime, { clock, boundNodes }: DiscoverySources): Runtime {
  let waiting: Timer | undefined;
  if (boundNodes?.waitedFor === undefined) return runtime;
  return {
    ...runtime,
    start: async (host) => {
      await runtime.start(host);
      waiting = clock.after(WAIT_FOR_NODES_MS, () => {
        boundNodes.stopWaiting();
        host.changed();
      });
    },
    stop: () => {
      waiting?.cancel();
      return runtime.stop();
    },
  };
}

async function hybrid(sources: DiscoverySources): Promise<GatewayDiscovery> {
  const { config, log, boundNodes } = sources;
  const settings = hybridSettings(config, log);
  if (!settings.manifestLayer && !settings.runtimeLayer) {
    log('warn', 'discovery.manifest.enabled and discovery.runtime.enabled are both off: plugins alone make the tree');
  }
  const source = settings.manifestLayer ? manifestSource(sources) : undefined;
  await source?.load();
  const manifest = () => (source ? source.manifest : NO_MANIFEST);
  const joined = hybridDiscovery({ manifest, settings, log, ...(boundNodes && { boundNodes }) });
  let graphs: ReadonlySet<string> = new Set();
  // The graph asks with every change of it.
  let asked: Manifest | undefined;
  let bindsTopics = false;
  return {
    runtimes: source ? [waitingForNodes(manifestRuntime(source), sources)] : [],
    arrange: (contributions) => {
      graphs = new Set(contributions.flatMap(({ runtime, nodes }) => (nodes ? [runtime] : [])));
      return joined.arrange(contributions);
    },
    topicsWanted: () => {
      const now = manifest();
      if (now !== asked) {
        asked = now;
        bindsTopics = now?.entities.apps.some(({ binding }) => binding?.channelNamespace !== undefined) ?? false;
      }
      return bindsTopics;
    },
    state: (model) => (manifest() ? hybridHealth(model, joined, graphs) : RUNTIME_ONLY),
    health: () => ({ warnings: joined.warnings(), blocks: {} }),
    scripts: () => manifest()?.scripts ?? [],
    meaningOf: (channel) => manifest()?.channels.get(channel),
    hasBlockingChannel: () => hasBlocking(manifest()),
  };
}

function hasBlocking(manifest: Manifest | undefined): boolean {
  return [...(manifest?.channels.values() ?? [])].some(({ blocksMotion }) => blocksMotion === true);
}

function manifestSource({ config, files, clock, log }: DiscoverySources): ManifestSource {
  const { inventory, manifest, manifest_path, manifest_strict_validation } = config.discovery;
  return new ManifestSource({
    files,
    paths: { manifest: manifest_path, fragmentsFolder: manifest.fragments_dir, inventory: inventory.csv_path },
    strict: manifest_strict_validation,
    clock,
    log,
    watchMs: manifest.watch_interval_ms,
  });
}
