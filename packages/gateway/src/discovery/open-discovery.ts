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
import { StartRefused } from '../listen.ts';
import { hybridHealth, MANIFEST_ONLY, RUNTIME_ONLY } from './discovery-health.ts';
import { hybridSettings } from './hybrid-settings.ts';

export interface DiscoverySources {
  readonly config: Pick<GatewayConfig, 'discovery'>;
  readonly files: ManifestFiles;
  readonly clock: Clock;
  readonly log: Log;
  /** The nodes of manifest apps before the restart. */
  readonly boundNodes?: StoredNodes;
}

/** The source of a gateway's tree. */
export interface GatewayDiscovery {
  /** The runtime of the manifest, if there is one. */
  readonly runtimes: readonly Runtime[];
  /** Adapts contributions before they are merged. */
  arrange(contributions: readonly Contribution[]): readonly Contribution[];
  /** Whether an app of the manifest is identified by the topics of its node. */
  topicsWanted(): boolean;
  /** Block `discovery` of `/health`. */
  state(model: Model): HealthDiscovery;
  health(): RuntimeHealth;
  /** The scripts that the manifest declares now. */
  scripts(): readonly ManagedScript[];
  /** Returns what the manifest declares for a channel, by its full name. */
  meaningOf(channel: string): ChannelMeaning | undefined;
  /** Whether the current manifest marks a channel with `blocks_motion`. */
  hasBlockingChannel(): boolean;
}

const FINDINGS_IN_REFUSAL = 20;
/**
 * Time after the start in which an app with an absent node is not bound to another node: nodes are discovered within
 * seconds.
 */
const WAIT_FOR_NODES_MS = 10_000;

/** A name that the graph derives from a node has lower priority than one from a plugin. */
const GRAPH_ALONE: LayerPolicies = { identity: 'fallback' };

/**
 * Opens discovery as configured. Throws `StartRefused` if the mode is `manifest_only` and the manifest cannot be used.
 * In hybrid mode, the graph alone is shown until it can.
 */
export async function openDiscovery(sources: DiscoverySources): Promise<GatewayDiscovery> {
  const { config, log } = sources;
  const { mode, manifest_path: path } = config.discovery;
  if (mode === 'manifest_only') return manifestOnly(sources);
  if (mode !== 'hybrid') {
    if (mode !== 'runtime_only') {
      log('warn', `discovery.mode: "${mode}" is not runtime_only, hybrid or manifest_only; runtime_only is used`);
    }
    return runtimeOnly([]);
  }
  if (config.discovery.manifest.enabled && path === '') {
    const message = 'discovery.mode is hybrid, but discovery.manifest_path is not set: only the graph is shown';
    log('warn', message);
    return runtimeOnly([{ code: 'manifest_missing', message }]);
  }
  return hybrid(sources);
}

function runtimeOnly(warnings: readonly Warning[]): GatewayDiscovery {
  return {
    runtimes: [],
    arrange: (contributions) =>
      contributions.map((contribution) =>
        contribution.nodes ? { ...contribution, policies: GRAPH_ALONE } : contribution,
      ),
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

/** Used if the manifest is disabled. */
const NO_MANIFEST: Manifest = {
  metadata: {},
  config: { unmanifestedNodes: 'include_as_orphan', inheritRuntimeResources: true, allowManifestOverride: true },
  entities: { areas: [], components: [], apps: [], functions: [] },
  scripts: [],
  channels: new Map(),
};

/** Returns the runtime of a manifest, which has the tree merged again when the wait for the previous nodes ends. */
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
    log(
      'warn',
      'discovery.manifest.enabled and discovery.runtime.enabled are both off: the tree contains only entities of plugins',
    );
  }
  const source = settings.manifestLayer ? manifestSource(sources) : undefined;
  await source?.load();
  const manifest = () => (source ? source.manifest : NO_MANIFEST);
  const pipeline = hybridDiscovery({ manifest, settings, log, ...(boundNodes && { boundNodes }) });
  let graphs: ReadonlySet<string> = new Set();
  // Cached, since every change of the graph reads it.
  let examined: Manifest | undefined;
  let bindsTopics = false;
  return {
    runtimes: source ? [waitingForNodes(manifestRuntime(source), sources)] : [],
    arrange: (contributions) => {
      graphs = new Set(contributions.flatMap(({ runtime, nodes }) => (nodes ? [runtime] : [])));
      return pipeline.arrange(contributions);
    },
    topicsWanted: () => {
      const now = manifest();
      if (now !== examined) {
        examined = now;
        bindsTopics = now?.entities.apps.some(({ binding }) => binding?.channelNamespace !== undefined) ?? false;
      }
      return bindsTopics;
    },
    state: (model) => (manifest() ? hybridHealth(model, pipeline, graphs) : RUNTIME_ONLY),
    health: () => ({ warnings: pipeline.warnings(), blocks: {} }),
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
