import { SovdError } from '@medkit/contract';
import type { Clock } from '@medkit/edges';
import type { Contribution } from '../entity/contribution.ts';
import { LOCAL, type Origin } from '../entity/entity.ts';
import { isEntityId } from '../entity/entity-id.ts';
import type { IdRegistry } from '../entity/id-registry.ts';
import type { EntityTree } from '../entity/tree.ts';
import type { CoreEvents, EntitiesChanged } from '../events/core-events.ts';
import { type EventBus, eventBus } from '../events/event-bus.ts';
import { treeDifference } from '../events/tree-difference.ts';
import { type LogBuffers, logBuffers } from '../logs/log-buffer.ts';
import type { Log, LogEntry } from '../logs/log-entry.ts';
import { type ArrangedIds, arrangeIds } from '../merge/arrange-ids.ts';
import type { HolderOf } from '../merge/assign-ids.ts';
import { type MergeReport, type MergeResult, mergeContributions } from '../merge/merge-contributions.ts';
import { collisionWarnings } from './collision-warnings.ts';
import { errorMessage } from './error-message.ts';
import type { ProviderSpans } from './guarded-providers.ts';
import { mergeBlocks } from './health-blocks.ts';
import { HostedRuntime, type RuntimeState } from './hosted-runtime.ts';
import type { Providers, Runtime, RuntimeHealth } from './runtime.ts';

/** Changes within this period lead to one merge: a starting node announces itself in several steps. */
const COALESCE_MS = 5;
/** Maximum wait for a runtime at startup. A slower runtime joins the tree once it has started. */
const START_TIMEOUT_MS = 10_000;

export interface ModelOptions {
  /** Initial runtimes, with unique names. */
  readonly runtimes: readonly Runtime[];
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Unique id of this gateway, by which other gateways recognize requests that it forwarded. Not needed without peers.
   */
  readonly gateway?: string;
  /** Transforms the contributions of this gateway before each merge. Default: no change. */
  readonly arrange?: (contributions: readonly Contribution[]) => readonly Contribution[];
  /** Buffers for the records of runtimes. Default: a buffer in memory, for this model only. */
  readonly logs?: LogBuffers;
  /** Records the calls to providers; absent if traces are disabled. */
  readonly spansOf?: ((runtime: Pick<Runtime, 'name' | 'origin'>) => ProviderSpans) | undefined;
  /** The ids that entities were given earlier. If absent, an id of a peer may later pass to another peer. */
  readonly ids?: IdRegistry;
}

/** The live entity tree of all runtimes, with access to the resources of its entities. */
export interface Model {
  /** The current tree; every change creates a new one. */
  readonly tree: EntityTree;
  /** Findings of the last merge. */
  readonly report: MergeReport;
  readonly events: EventBus<CoreEvents>;
  /**
   * The names of all runtimes, including those that do not run, in the order they were added. The same list object
   * until a runtime is added or removed.
   */
  readonly runtimes: readonly string[];
  /**
   * Starts another runtime. Resolves when the tree contains its entities, its start has failed, or the start timeout
   * has passed. After a timeout it joins the tree once it has started. Rejects if another runtime has the same name.
   */
  add(runtime: Runtime): Promise<void>;
  /**
   * Removes a runtime in any state. Its entities disappear immediately, calls in progress end with
   * `service-unavailable`, and everything it still reports is ignored. Its name can be reused immediately. Resolves
   * when it has stopped, or immediately if it does not exist.
   */
  remove(name: string): Promise<void>;
  /** Calls `listener` after every change of the tree. Returns a function that removes the listener. */
  onChange(listener: (change: EntitiesChanged) => void): () => void;
  /** Returns the health of all runtimes, with a warning for each one that does not run. */
  health(): Promise<RuntimeHealth>;
  /** Returns the gateway whose entities a runtime reports, or `undefined` for an unknown runtime. */
  originOf(runtime: string): Origin | undefined;
  /** Returns the state of a runtime and its start time, or `undefined` for an unknown runtime. */
  stateOf(runtime: string): RuntimeState | undefined;
  /** Returns the stored records of a runtime for these loggers and those below them, in order of arrival. */
  recorded(runtime: string, loggers: readonly string[]): readonly LogEntry[];
  /** Returns the guarded providers of a runtime, or `undefined` for an unknown runtime. */
  provider(runtime: string): Providers | undefined;
  /**
   * Ends all calls in progress because the gateway stops. Calls that may have changed something report an unknown
   * outcome.
   */
  endCalls(): void;
  close(): Promise<void>;
}

/**
 * Starts the runtimes and merges what they report. Merges again whenever a runtime signals a change; nothing is polled.
 * If a runtime fails to start, `health()` reports it and the others continue. Throws if two runtimes have the same
 * name.
 */
export async function openModel({
  runtimes,
  clock,
  log,
  gateway = LOCAL,
  arrange,
  logs = logBuffers({ log }),
  spansOf,
  ids: registry,
}: ModelOptions): Promise<Model> {
  const names = new Set(runtimes.map(({ name }) => name));
  if (names.size < runtimes.length)
    throw new Error(`two runtimes have the same name: ${runtimes.map(({ name }) => name)}`);
  const events = eventBus<CoreEvents>((name, error) =>
    log('error', `A listener to ${name} failed: ${errorMessage(error)}`),
  );
  const hosted = new Map<string, HostedRuntime>();
  let hostedNames: readonly string[] = [];
  /** Removed runtimes that are still stopping. */
  const leaving = new Set<Promise<void>>();
  let current: MergeResult = mergeContributions([]);
  let ids: ArrangedIds | undefined;
  let pending = false;
  let closed = false;

  const merge = (): void => {
    pending = false;
    if (closed) return;
    const contributions = [...hosted.values()].flatMap((runtime) => runtime.contribution() ?? []);
    const before = current.tree;
    ids = arrangeIds(
      arrange ? arrangeLocal(contributions, arrange) : contributions,
      ids,
      registry && holderIn(registry),
    );
    current = mergeContributions(ids.contributions, current);
    if (current.tree === before) return;
    const difference = treeDifference(before, current.tree);
    if (registry) remember(registry, current.tree, difference);
    events.emit('entities.changed', difference);
  };
  const changed = (): void => {
    if (pending || closed) return;
    pending = true;
    clock.after(COALESCE_MS, () => {
      if (pending) merge();
    });
  };
  const host = (runtime: Runtime): HostedRuntime => {
    const added = new HostedRuntime({ runtime, gateway, clock, log, changed, events, logs, spans: spansOf?.(runtime) });
    hosted.set(added.name, added);
    hostedNames = [...hosted.keys()];
    return added;
  };

  await Promise.all(runtimes.map(host).map((runtime) => runtime.start(START_TIMEOUT_MS)));
  merge();

  return {
    get tree() {
      return current.tree;
    },
    get report() {
      return current.report;
    },
    events,
    get runtimes() {
      return hostedNames;
    },
    add: async (runtime) => {
      if (closed) throw new SovdError({ code: 'x-medkit-gateway-shutdown' });
      if (hosted.has(runtime.name)) throw new Error(`a runtime ${runtime.name} already exists`);
      const added = host(runtime);
      await added.start(START_TIMEOUT_MS);
      if (hosted.get(runtime.name) === added) merge();
    },
    remove: async (name) => {
      const removed = hosted.get(name);
      if (!removed) return;
      hosted.delete(name);
      hostedNames = [...hosted.keys()];
      const stopped = removed.stop('removed');
      leaving.add(stopped);
      merge();
      await stopped;
      leaving.delete(stopped);
    },
    onChange: (listener) => events.on('entities.changed', listener),
    health: async () => {
      const all = await Promise.all([...hosted.values()].map((runtime) => runtime.health()));
      return {
        warnings: [...all.flatMap(({ warnings }) => warnings), ...collisionWarnings(ids?.collisions ?? [])],
        blocks: mergeBlocks(all),
      };
    },
    originOf: (name) => hosted.get(name)?.origin,
    stateOf: (name) => hosted.get(name)?.state,
    recorded: (name, loggers) => hosted.get(name)?.recorded(loggers) ?? [],
    provider: (name) => hosted.get(name)?.providers,
    endCalls: () => {
      const error = new SovdError({ code: 'x-medkit-gateway-shutdown' });
      for (const runtime of hosted.values()) runtime.endCalls(error);
    },
    close: async () => {
      closed = true;
      await Promise.all([...leaving, ...[...hosted.values()].map((runtime) => runtime.stop('stopped'))]);
    },
  };
}

/** Returns the lookup of the gateway that holds an id of a component or an app. */
function holderIn(registry: IdRegistry): HolderOf {
  return (kind, id) => {
    const owner = registry.ownerOf({ kind, id });
    return owner?.origin === LOCAL || registry.isFirm({ kind, id }) ? owner?.origin : undefined;
  };
}

/** Records which gateway owns the new ids of components and apps, and the aliases of entities of this gateway. */
function remember(registry: IdRegistry, tree: EntityTree, { added, changed }: EntitiesChanged): void {
  for (const { kind, id } of [...added, ...changed]) {
    if (kind !== 'app' && kind !== 'component') continue;
    const { origin = LOCAL, aliases = [] } = tree.get(kind, id) ?? {};
    registry.give({ kind, id }, { origin });
    // An alias of an entity of this gateway must not resolve to another robot after the entity has been removed.
    if (origin !== LOCAL) continue;
    for (const alias of aliases) if (isEntityId(alias)) registry.give({ kind, id: alias }, { origin });
  }
  registry.trim(({ kind, id }) => tree.get(kind, id) !== undefined);
}

/** Applies `arrange` to the contributions of this gateway only: a manifest never refers to nodes of another gateway. */
function arrangeLocal(
  contributions: readonly Contribution[],
  arrange: (contributions: readonly Contribution[]) => readonly Contribution[],
): readonly Contribution[] {
  const isLocal = ({ origin = LOCAL }: Contribution): boolean => origin === LOCAL;
  return [...arrange(contributions.filter(isLocal)), ...contributions.filter((contribution) => !isLocal(contribution))];
}
