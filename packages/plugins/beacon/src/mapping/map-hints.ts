import type { App, Component, EntityLists, FunctionEntity } from '@medkit/core';
import type { PluginContribution } from '@medkit/plugin';
import type { LiveHint } from '../store/hint-store.ts';
import { hintMetadata } from './hint-metadata.ts';

/** Source of an entity that was created from a hint. */
const BEACON_SOURCE = 'beacon';

export interface MapHintsOptions {
  readonly hints: readonly LiveHint[];
  /** The current tree, including entities created from hints. */
  readonly tree: EntityLists;
  /** Whether a hint about an unknown entity creates an app. */
  readonly allowNewEntities: boolean;
  /** The runtime of the hints; identifies apps that it created. */
  readonly runtime: string;
  /** Names of the vendor resources that an entity with a hint has. */
  readonly capabilities: readonly string[];
}

export interface MappedHints {
  readonly contribution: PluginContribution;
  /** Ids of unknown entities that are not created. */
  readonly skipped: readonly string[];
}

/**
 * Applies hints to a tree: a hint extends the app with its id, otherwise the component; otherwise it creates an app if
 * that is allowed. Functions get further hosts; none is created.
 */
export function mapHints({ hints, tree, allowNewEntities, runtime, capabilities }: MapHintsOptions): MappedHints {
  const appsById = new Map(tree.apps.map((app) => [app.id, app]));
  const componentIds = new Set(tree.components.map(({ id }) => id));
  const hosts = new Map(tree.functions.map(({ id }) => [id, new Set<string>()]));
  const made: App[] = [];
  const apps: App[] = [];
  const components: Component[] = [];
  const skipped: string[] = [];
  for (const live of hints) {
    const { entityId, functionIds } = live.hint;
    const known = appsById.get(entityId);
    const isOurs = known?.source === BEACON_SOURCE && known.address?.runtime === runtime;
    // An app created from a hint is created again while the hint exists: no other runtime contributes it.
    if (allowNewEntities && (known ? isOurs : !componentIds.has(entityId))) made.push(newApp(live, capabilities));
    else if (known) apps.push(toApp(live, capabilities));
    else if (componentIds.has(entityId)) components.push(toComponent(live, capabilities));
    else {
      skipped.push(entityId);
      continue;
    }
    for (const id of functionIds) hosts.get(id)?.add(entityId);
  }
  const functions = [...hosts].filter(([, added]) => added.size > 0).map(([id, added]) => toFunction(id, [...added]));
  return { contribution: { entities: { apps: made }, additions: { apps, components, functions } }, skipped };
}

function newApp(live: LiveHint, capabilities: readonly string[]): App {
  const { entityId, displayName } = live.hint;
  return {
    ...toApp(live, capabilities),
    name: displayName || entityId,
    source: BEACON_SOURCE,
    online: live.status === 'active',
  };
}

function toApp(live: LiveHint, capabilities: readonly string[]): App {
  const { componentId } = live.hint;
  return { kind: 'app', ...added(live, capabilities), online: false, ...(componentId && { componentId }) };
}

function toComponent(live: LiveHint, capabilities: readonly string[]): Component {
  return { kind: 'component', ...added(live, capabilities) };
}

/** Returns the additions of a hint to an entity of either kind; empty texts add nothing. */
function added(live: LiveHint, capabilities: readonly string[]) {
  const { entityId: id, displayName: name, dependsOn } = live.hint;
  const others = dependsOn.filter((other) => other !== id);
  return {
    id,
    name,
    source: '',
    capabilities,
    metadata: hintMetadata(live),
    ...(others.length > 0 && { dependsOn: others }),
  };
}

function toFunction(id: string, hosts: readonly string[]): FunctionEntity {
  return { kind: 'function', id, name: '', source: '', hosts };
}
