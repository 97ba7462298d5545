import type { Contribution, Log, Warning } from '@medkit/core';
import type { Manifest, UnmanifestedPolicy } from '../document/manifest.ts';
import { type BoundNodes, type Linking, nodeKey } from '../linking/link-apps.ts';
import { type Arranged, arrangeHybrid } from './hybrid.ts';
import type { HybridSettings } from './layer-settings.ts';

export interface HybridDiscoveryOptions {
  /** The current manifest. */
  readonly manifest: () => Manifest | undefined;
  readonly settings: HybridSettings;
  readonly log: Log;
  /** If absent, the nodes of apps are not remembered over restarts. */
  readonly boundNodes?: BoundNodes;
}

/** Hybrid discovery: arranges contributions and stores the last result. */
export interface HybridDiscovery {
  arrange(contributions: readonly Contribution[]): readonly Contribution[];
  /** Result of the last arrangement; absent if there is no manifest or no graph. */
  readonly linking: Linking | undefined;
  readonly policy: UnmanifestedPolicy;
  readonly filteredByGapFill: number;
  warnings(): readonly Warning[];
}

/** Node names that one warning lists; further ones are counted. */
const NODES_IN_A_SENTENCE = 10;

export function hybridDiscovery({ manifest, settings, log, boundNodes }: HybridDiscoveryOptions): HybridDiscovery {
  let last: Arranged | undefined;
  // Retained while a manifest is temporarily unreadable.
  let before: Arranged | undefined;
  let orphans: ReadonlySet<string> = new Set();
  let warnings: ReadonlySet<string> = new Set();
  const policy = (): UnmanifestedPolicy => manifest()?.config.unmanifestedNodes ?? 'warn';

  // A starting robot changes with every node, so each message is logged once.
  const logFindings = (linking: Linking): void => {
    orphans = logOrphans(linking, policy(), orphans, log);
    for (const warning of linking.warnings) if (!warnings.has(warning)) log('warn', `Manifest: ${warning}`);
    warnings = new Set(linking.warnings);
  };

  return {
    arrange: (contributions) => {
      const config = manifest()?.config;
      // There is no manifest to merge with: the graph is shown unchanged.
      if (!config) {
        last = undefined;
        return contributions;
      }
      const waitedFor = boundNodes?.waitedFor;
      last = arrangeHybrid({
        contributions,
        config,
        settings,
        ...(before && { before }),
        ...(waitedFor && { waitedFor }),
        ...(boundNodes && { idsBefore: boundNodes.idsBefore }),
      });
      if (boundNodes && last.linking && last.linking.nodes !== before?.linking?.nodes) {
        for (const [appId, node] of last.linking.nodes) boundNodes.bind(appId, nodeKey(node));
      }
      before = last;
      if (last.linking && settings.manifestLayer) logFindings(last.linking);
      return last.contributions;
    },
    get linking() {
      return settings.manifestLayer ? last?.linking : undefined;
    },
    get policy() {
      return policy();
    },
    get filteredByGapFill() {
      return last?.filteredByGapFill ?? 0;
    },
    warnings: () => (last?.linking && policy() === 'error' ? orphanWarning(last.linking) : []),
  };
}

function orphanWarning({ orphans }: Linking): readonly Warning[] {
  if (orphans.length === 0) return [];
  const names = orphans.slice(0, NODES_IN_A_SENTENCE).map(({ name: fqn }) => fqn);
  const more = orphans.length > names.length ? ` and ${orphans.length - names.length} more` : '';
  return [
    {
      code: 'unmanifested_nodes',
      message: `Running nodes are not declared in the manifest: ${names.join(', ')}${more}. Declare them, or stop them.`,
      nodes: orphans.map(({ name: fqn }) => fqn),
    },
  ];
}

/** Logs undeclared nodes, each once while it runs. Returns the names of all of them. */
function logOrphans(
  { orphans }: Linking,
  policy: UnmanifestedPolicy,
  before: ReadonlySet<string>,
  log: Log,
): ReadonlySet<string> {
  const names = new Set(orphans.map(({ name: fqn }) => fqn));
  const fresh = [...names].filter((fqn) => !before.has(fqn));
  if (fresh.length === 0 || policy === 'ignore') return names;
  if (policy === 'warn') for (const fqn of fresh) log('warn', `Node ${fqn} is not declared in the manifest`);
  else log(policy === 'error' ? 'error' : 'info', `${names.size} nodes are not declared in the manifest`);
  return names;
}
