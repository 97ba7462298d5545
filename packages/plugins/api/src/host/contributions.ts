import {
  type Contribution,
  ENTITY_KINDS,
  type Entity,
  type EntityLists,
  listOf,
  memoizeByObject,
  nativeIdOf,
} from '@medkit/core';
import { equalData } from '@medkit/core/merge';
import type { Clock } from '@medkit/edges';
import type { PluginContribution } from '../plugin-parts.ts';

/**
 * Priority of plugin contributions, below those of the robot's graph and of manifests. A plugin that is loaded later
 * has a slightly higher priority, but never that of another layer.
 */
const PRIORITY = 5;
const PER_POSITION = 1 / 1024;
/** Pause between two queries, so that a plugin that constantly signals changes does not block others. */
const PAUSE_MS = 5;

export interface ContributionsOptions {
  /** The name of the plugin. */
  readonly runtime: string;
  /** Position of the plugin in the loading order. */
  readonly position: number;
  readonly clock: Clock;
  /** Queries the plugin. Rejections have already been logged. */
  readonly ask: () => Promise<PluginContribution>;
  /** Called after every new contribution. */
  readonly changed: () => void;
}

const loggersOf = memoizeByObject(
  ({ components, apps }: Contribution): ReadonlySet<string> => new Set([...components, ...apps].map(({ id }) => id)),
);

const NOTHING: EntityLists = { areas: [], components: [], apps: [], functions: [] };

/**
 * Stores the last contribution of a plugin. Queries the plugin one call at a time; signals during a query lead
 * to one further query.
 */
export class Contributions {
  readonly #options: ContributionsOptions;
  #contribution: Contribution;
  #asking = false;
  #again = false;
  #ended = false;

  constructor(options: ContributionsOptions) {
    this.#options = options;
    this.#contribution = this.#of({});
  }

  /** Queries the plugin again. Called whenever its contribution may have changed. */
  refresh(): void {
    if (this.#ended) return;
    this.#again = this.#asking;
    if (!this.#asking) void this.#ask();
  }

  /** Ends the contribution permanently and removes all entities. */
  end(): void {
    this.#ended = true;
    this.#contribution = this.#of({});
  }

  /**
   * Returns the contribution in the form that the merge takes. The object stays the same until the next query;
   * unchanged entities stay the same objects across queries.
   */
  contribution(): Contribution {
    return this.#contribution;
  }

  /** Returns whether the plugin contributes an app or component with this id. Those have a log. */
  hasLog(id: string): boolean {
    return loggersOf(this.#contribution).has(id);
  }

  /** Returns the native ids of all entities with this id, of any kind. */
  nativeIdsOf(id: string): readonly string[] {
    const kinds = ENTITY_KINDS.filter((kind) =>
      listOf<typeof kind>(this.#contribution, kind).some((entity) => entity.id === id),
    );
    return kinds.map((kind) => nativeIdOf({ kind, id }));
  }

  #of({ entities, additions }: PluginContribution): Contribution {
    const { runtime, position } = this.#options;
    const withAddress = <E extends Entity>(entity: E): E => ({
      ...entity,
      source: entity.source || 'plugin',
      address: { runtime, nativeId: nativeIdOf(entity) },
    });
    const before = this.#contribution as Contribution | undefined;
    return {
      runtime,
      priority: PRIORITY + position * PER_POSITION,
      ...reuseUnchanged({ ...NOTHING, ...entities }, before ?? NOTHING, withAddress),
      ...(additions && {
        additions: reuseUnchanged({ ...NOTHING, ...additions }, { ...NOTHING, ...before?.additions }, (entity) => ({
          ...entity,
        })),
      }),
    };
  }

  async #ask(): Promise<void> {
    const { clock, ask, changed } = this.#options;
    this.#asking = true;
    this.#again = false;
    let reported: PluginContribution;
    try {
      reported = await ask();
    } catch {
      // The guard has already logged the failure. A plugin that fails contributes no entities.
      reported = {};
    }
    if (this.#ended) return;
    this.#contribution = this.#of(reported);
    changed();
    clock.after(PAUSE_MS, () => {
      this.#asking = false;
      if (this.#again) this.refresh();
    });
  }
}

/**
 * Applies `make` to entities. Entities that are equal to those in `before` stay the same objects, so that they are not
 * merged again.
 */
function reuseUnchanged(
  reported: EntityLists,
  before: EntityLists,
  make: <E extends Entity>(entity: E) => E,
): EntityLists {
  const list = <E extends Entity>(now: readonly E[], old: readonly E[]): readonly E[] => {
    const known = new Map(old.map((entity) => [entity.id, entity]));
    return now.map((entity) => {
      const made = make(entity);
      const same = known.get(entity.id);
      return same && equalData(same, made) ? same : made;
    });
  };
  return {
    areas: list(reported.areas, before.areas),
    components: list(reported.components, before.components),
    apps: list(reported.apps, before.apps),
    functions: list(reported.functions, before.functions),
  };
}
