import {
  type Contribution,
  ENTITY_KINDS,
  type Entity,
  type EntityLists,
  listOf,
  nativeIdOf,
  onceFor,
} from '@medkit/core';
import { equalData } from '@medkit/core/merge';
import type { Clock } from '@medkit/edges';
import type { PluginContribution } from '../plugin-parts.ts';

/**
 * Below what a robot's own graph and a manifest say. Of plugins the one that is loaded later counts for more, by less than
 * what lies between it and others.
 */
const PRIORITY = 5;
const PER_POSITION = 1 / 1024;
/** Between two askings, so that a plugin which always has something new keeps nobody else from working. */
const PAUSE_MS = 5;

export interface ContributionsOptions {
  /** The name of the plugin. */
  readonly runtime: string;
  /** The place of the plugin in the order of loading. */
  readonly position: number;
  readonly clock: Clock;
  /** Asks the plugin. What it rejects with was told of already. */
  readonly ask: () => Promise<PluginContribution>;
  /** Told whenever what was told last is another. */
  readonly changed: () => void;
}

const loggersOf = onceFor(
  ({ components, apps }: Contribution): ReadonlySet<string> => new Set([...components, ...apps].map(({ id }) => id)),
);

const NOTHING: EntityLists = { areas: [], components: [], apps: [], functions: [] };

/** What a plugin told last. It is asked for it by one call at a time; what happens meanwhile becomes one more. */
export class Contributions {
  readonly #options: ContributionsOptions;
  #told: Contribution;
  #asking = false;
  #again = false;
  #ended = false;

  constructor(options: ContributionsOptions) {
    this.#options = options;
    this.#told = this.#of({});
  }

  /** To be called whenever the plugin would tell something else. */
  refresh(): void {
    if (this.#ended) return;
    this.#again = this.#asking;
    if (!this.#asking) void this.#ask();
  }

  /** The plugin tells nothing any more. */
  end(): void {
    this.#ended = true;
    this.#told = this.#of({});
  }

  /** As the merge takes it: the same object until the plugin tells another one, in which what it told before is the same again. */
  contribution(): Contribution {
    return this.#told;
  }

  /** Whether it tells of an app or component with this id: those have a log. */
  hasLog(id: string): boolean {
    return loggersOf(this.#told).has(id);
  }

  /** Native ids of the entities that have this id, of whatever kind. */
  nativeIdsOf(id: string): readonly string[] {
    const kinds = ENTITY_KINDS.filter((kind) =>
      listOf<typeof kind>(this.#told, kind).some((entity) => entity.id === id),
    );
    return kinds.map((kind) => nativeIdOf({ kind, id }));
  }

  #of({ entities, additions }: PluginContribution): Contribution {
    const { runtime, position } = this.#options;
    const own = <E extends Entity>(entity: E): E => ({
      ...entity,
      source: entity.source || 'plugin',
      address: { runtime, nativeId: nativeIdOf(entity) },
    });
    const before = this.#told as Contribution | undefined;
    return {
      runtime,
      priority: PRIORITY + position * PER_POSITION,
      ...retold({ ...NOTHING, ...entities }, before ?? NOTHING, own),
      ...(additions && {
        additions: retold({ ...NOTHING, ...additions }, { ...NOTHING, ...before?.additions }, (entity) => ({
          ...entity,
        })),
      }),
    };
  }

  async #ask(): Promise<void> {
    const { clock, ask, changed } = this.#options;
    this.#asking = true;
    this.#again = false;
    let told: PluginContribution;
    try {
      told = await ask();
    } catch {
      // The guard has told of it. Who cannot say what there is has nothing to show.
      told = {};
    }
    if (this.#ended) return;
    this.#told = this.#of(told);
    changed();
    clock.after(PAUSE_MS, () => {
      this.#asking = false;
      if (this.#again) this.refresh();
    });
  }
}

/** What `make` makes of entities; those that are as they were `before` are the objects of then, which nobody merges again. */
function retold(told: EntityLists, before: EntityLists, make: <E extends Entity>(entity: E) => E): EntityLists {
  const list = <E extends Entity>(now: readonly E[], old: readonly E[]): readonly E[] => {
    const known = new Map(old.map((entity) => [entity.id, entity]));
    return now.map((entity) => {
      const made = make(entity);
      const same = known.get(entity.id);
      return same && equalData(same, made) ? same : made;
    });
  };
  return {
    areas: list(told.areas, before.areas),
    components: list(told.components, before.components),
    apps: list(told.apps, before.apps),
    functions: list(told.functions, before.functions),
  };
}
