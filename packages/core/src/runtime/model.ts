import { SovdError } from '@medkit/contract';
import type { Clock } from '@medkit/edges';
import type { Contribution } from '../entity/contribution.ts';
import { LOCAL, type Origin } from '../entity/entity.ts';
import { isEntityId } from '../entity/entity-id.ts';
import type { GivenIds } from '../entity/given-ids.ts';
import type { EntityTree } from '../entity/tree.ts';
import { treeDifference } from '../entity/tree-difference.ts';
import type { CoreEvents, EntitiesChanged } from '../events/core-events.ts';
import { type EventBus, eventBus } from '../events/event-bus.ts';
import { type KeptLogs, keptLogs } from '../logs/kept-logs.ts';
import type { LogEntry } from '../logs/log-entry.ts';
import { type ArrangedIds, arrangeIds } from '../merge/arrange-ids.ts';
import { collisionWarnings } from '../merge/collision-warnings.ts';
import type { HolderOf } from '../merge/id-names.ts';
import { type MergeReport, type MergeResult, mergeContributions } from '../merge/merge-contributions.ts';
import { joinedBlocks } from './health-blocks.ts';
import { type HostedRuntime, hostRuntime, type RuntimeState } from './hosted-runtime.ts';
import { reasonOf } from './reason-of.ts';
import type { Log, Providers, Runtime, RuntimeHealth } from './runtime.ts';

/** Changes that come closer together than this are merged as one: a node that starts announces itself in several steps. */
const COALESCE_MS = 5;
/** How long is waited for a runtime that starts; one that takes longer joins the tree when it is there. */
const START_TIMEOUT_MS = 10_000;

export interface ModelOptions {
  /** Those that are there from the start, with names of their own. */
  readonly runtimes: readonly Runtime[];
  readonly clock: Clock;
  readonly log: Log;
  /** A name of this gateway that no other one has: who gets a request knows by it that it was here. One that is alone needs none. */
  readonly gateway?: string;
  /** What becomes of the contributions of this gateway of one moment before they are merged; as they are unless given. */
  readonly arrange?: (contributions: readonly Contribution[]) => readonly Contribution[];
  /** Where what runtimes record is kept; in memory of the model's own unless given. */
  readonly logs?: KeptLogs;
  /** The ids that entities were given. Without, the ids of peers may pass from one peer to another. */
  readonly ids?: GivenIds;
}

/** The live tree of all runtimes and the way to the resources of its entities. */
export interface Model {
  /** The tree of this moment; a new one comes with every change. */
  readonly tree: EntityTree;
  /** What the last merge found. */
  readonly report: MergeReport;
  readonly events: EventBus<CoreEvents>;
  /** The names of all runtimes, also of those that do not run, as they came; the same list until one comes or goes. */
  readonly runtimes: readonly string[];
  /**
   * Starts another runtime. Resolves when the tree has what it tells, it has failed to start, or has taken so long that it joins
   * the tree later. Rejects where a runtime has its name.
   */
  add(runtime: Runtime): Promise<void>;
  /**
   * Takes a runtime away, whatever it is doing: its entities are gone at once, calls under way get `service-unavailable`, and
   * nothing that it still says is heard. Its name is free at once. Resolves when it has stopped; at once where there is none.
   */
  remove(name: string): Promise<void>;
  /** Calls `listener` after every change of the tree. Gives a way to stop. */
  onChange(listener: (change: EntitiesChanged) => void): () => void;
  /** What the runtimes say of themselves, and which of them do not run. */
  health(): Promise<RuntimeHealth>;
  /** The gateway whose entities a runtime tells; `undefined` for a name that no runtime has. */
  originOf(runtime: string): Origin | undefined;
  /** How a runtime is, and since when; `undefined` for a name that no runtime has. */
  stateOf(runtime: string): RuntimeState | undefined;
  /** What is kept of what a runtime recorded of these loggers and those below them, in the order it came. */
  recorded(runtime: string, loggers: readonly string[]): readonly LogEntry[];
  /** The providers of a runtime behind their guard; `undefined` for a name that no runtime has. */
  provider(runtime: string): Providers | undefined;
  /** Answers all calls under way because the gateway stops: a change may have taken effect, and its answer says so. */
  endCalls(): void;
  close(): Promise<void>;
}

/**
 * Starts the runtimes and merges what they tell, again whenever one of them says that it changed: nothing is polled. One
 * that fails to start is named by `health()`; the others are not harmed. Throws where two runtimes have one name.
 */
export async function openModel({
  runtimes,
  clock,
  log,
  gateway = LOCAL,
  arrange,
  logs = keptLogs({ log }),
  ids: given,
}: ModelOptions): Promise<Model> {
  const names = new Set(runtimes.map(({ name }) => name));
  if (names.size < runtimes.length) throw new Error(`two runtimes have one name: ${runtimes.map(({ name }) => name)}`);
  const events = eventBus<CoreEvents>((name, error) =>
    log('error', `A listener to ${name} failed: ${reasonOf(error)}`),
  );
  const hosted = new Map<string, HostedRuntime>();
  let hostedNames: readonly string[] = [];
  /** Removed ones that are still stopping. */
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
    ids = arrangeIds(arrange ? arrangeOwn(contributions, arrange) : contributions, ids, given && holderIn(given));
    current = mergeContributions(ids.contributions, current);
    if (current.tree === before) return;
    const difference = treeDifference(before, current.tree);
    if (given) remember(given, current.tree, difference);
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
    const added = hostRuntime({ runtime, gateway, clock, log, changed, events, logs });
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
      if (hosted.has(runtime.name)) throw new Error(`there is a runtime ${runtime.name} already`);
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
        blocks: joinedBlocks(all),
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

/** The gateway that keeps an id of a component or an app. */
function holderIn(given: GivenIds): HolderOf {
  return (kind, id) => {
    const owner = given.ownerOf({ kind, id });
    return owner?.origin === LOCAL || given.isFirm({ kind, id }) ? owner?.origin : undefined;
  };
}

/** Records which gateway the new ids of components and apps belong to, and the other names of those here. */
function remember(given: GivenIds, tree: EntityTree, { added, changed }: EntitiesChanged): void {
  for (const { kind, id } of [...added, ...changed]) {
    if (kind !== 'app' && kind !== 'component') continue;
    const { origin = LOCAL, aliases = [] } = tree.get(kind, id) ?? {};
    given.give({ kind, id }, { origin });
    // The names of an entity here must not lead to another robot once it is gone.
    if (origin !== LOCAL) continue;
    for (const alias of aliases) if (isEntityId(alias)) given.give({ kind, id: alias }, { origin });
  }
  given.trim(({ kind, id }) => tree.get(kind, id) !== undefined);
}

/** Contributions after `arrange`, which is about those of this gateway alone: a manifest names no node of another one. */
function arrangeOwn(
  contributions: readonly Contribution[],
  arrange: (contributions: readonly Contribution[]) => readonly Contribution[],
): readonly Contribution[] {
  const isOwn = ({ origin = LOCAL }: Contribution): boolean => origin === LOCAL;
  return [...arrange(contributions.filter(isOwn)), ...contributions.filter((told) => !isOwn(told))];
}
