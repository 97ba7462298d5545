import type { Clock } from '@medkit/edges';
import type { Contribution } from '../entity/contribution.ts';
import { LOCAL } from '../entity/entity.ts';
import type { EntityTree } from '../entity/tree.ts';
import { treeDifference } from '../entity/tree-difference.ts';
import type {
  CoreEvents,
  DataChanged,
  EntitiesChanged,
  FaultChanged,
  LogAdded,
  OperationChanged,
} from '../events/core-events.ts';
import { type EventBus, eventBus } from '../events/event-bus.ts';
import { type ArrangedIds, arrangeIds } from '../merge/arrange-ids.ts';
import { collisionWarnings } from '../merge/collision-warnings.ts';
import { type MergeReport, type MergeResult, mergeContributions } from '../merge/merge-contributions.ts';
import { type HostedRuntime, hostRuntime } from './hosted-runtime.ts';
import { reasonOf } from './reason-of.ts';
import type { Log, Providers, Runtime, RuntimeHealth } from './runtime.ts';

/** Changes that come closer together than this are merged as one: a node that starts announces itself in several steps. */
const COALESCE_MS = 5;
/** How long `openModel` waits for its runtimes; one that takes longer joins the tree when it is there. */
const START_TIMEOUT_MS = 10_000;

export interface ModelOptions {
  /** With names of their own. */
  readonly runtimes: readonly Runtime[];
  readonly clock: Clock;
  readonly log: Log;
  /** What becomes of the contributions of this gateway of one moment before they are merged; as they are unless given. */
  readonly arrange?: (contributions: readonly Contribution[]) => readonly Contribution[];
}

/** The live tree of all runtimes and the way to the resources of its entities. */
export interface Model {
  /** The tree of this moment; a new one comes with every change. */
  readonly tree: EntityTree;
  /** What the last merge found. */
  readonly report: MergeReport;
  readonly events: EventBus<CoreEvents>;
  /** The names of all runtimes, also of those that do not run. */
  readonly runtimes: readonly string[];
  /** Calls `listener` after every change of the tree. Gives a way to stop. */
  onChange(listener: (change: EntitiesChanged) => void): () => void;
  /** What the runtimes say of themselves, and which of them do not run. */
  health(): Promise<RuntimeHealth>;
  /** The providers of a runtime behind their guard; `undefined` for a name that no runtime has. */
  provider(runtime: string): Providers | undefined;
  close(): Promise<void>;
}

/**
 * Starts the runtimes and merges what they tell, again whenever one of them says that it changed: nothing is polled. One
 * that fails to start is named by `health()`; the others are not harmed. Throws where two runtimes have one name.
 */
export async function openModel({ runtimes, clock, log, arrange }: ModelOptions): Promise<Model> {
  const names = new Set(runtimes.map(({ name }) => name));
  if (names.size < runtimes.length) throw new Error(`two runtimes have one name: ${runtimes.map(({ name }) => name)}`);
  const events = eventBus<CoreEvents>((name, error) =>
    log('error', `A listener to ${name} failed: ${reasonOf(error)}`),
  );
  let current: MergeResult = mergeContributions([]);
  let ids: ArrangedIds | undefined;
  let pending = false;
  let closed = false;

  const merge = (): void => {
    pending = false;
    if (closed) return;
    const contributions = hosted.map((runtime) => runtime.contribution()).filter((told) => told !== undefined);
    const before = current.tree;
    ids = arrangeIds(arrange ? arrangeOwn(contributions, arrange) : contributions, ids);
    current = mergeContributions(ids.contributions, current);
    if (current.tree !== before) events.emit('entities.changed', treeDifference(before, current.tree));
  };
  const changed = (): void => {
    if (pending || closed) return;
    pending = true;
    clock.after(COALESCE_MS, merge);
  };

  const dataChanged = (change: DataChanged): void => events.emit('data.changed', change);
  const logged = (added: LogAdded): void => events.emit('log.added', added);
  const faultChanged = (change: FaultChanged): void => events.emit('fault.event', change);
  const operationChanged = (change: OperationChanged): void => events.emit('operation.changed', change);
  const hosted: readonly HostedRuntime[] = runtimes.map((runtime) =>
    hostRuntime({ runtime, clock, log, changed, dataChanged, logged, faultChanged, operationChanged }),
  );
  await Promise.all(hosted.map((runtime) => runtime.start(START_TIMEOUT_MS)));
  merge();

  const byName = new Map(hosted.map((runtime) => [runtime.name, runtime]));
  return {
    get tree() {
      return current.tree;
    },
    get report() {
      return current.report;
    },
    events,
    runtimes: [...names],
    onChange: (listener) => events.on('entities.changed', listener),
    health: async () => {
      const all = await Promise.all(hosted.map((runtime) => runtime.health()));
      return {
        warnings: [...all.flatMap(({ warnings }) => warnings), ...collisionWarnings(ids?.collisions ?? [])],
        blocks: Object.assign({}, ...all.map(({ blocks }) => blocks)),
      };
    },
    provider: (name) => byName.get(name)?.providers,
    close: async () => {
      closed = true;
      await Promise.all(hosted.map((runtime) => runtime.stop()));
    },
  };
}

/** Contributions after `arrange`, which is about those of this gateway alone: a manifest names no node of another one. */
function arrangeOwn(
  contributions: readonly Contribution[],
  arrange: (contributions: readonly Contribution[]) => readonly Contribution[],
): readonly Contribution[] {
  const isOwn = ({ origin = LOCAL }: Contribution): boolean => origin === LOCAL;
  return [...arrange(contributions.filter(isOwn)), ...contributions.filter((told) => !isOwn(told))];
}
