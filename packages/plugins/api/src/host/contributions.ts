import type { Contribution, Entity, EntityLists } from '@medkit/core';
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
  readonly clock: Clock;
  /** Asks the plugin. What it rejects with was told of already. */
  readonly ask: () => Promise<PluginContribution>;
  /** Told whenever what was told last is another. */
  readonly changed: () => void;
}

/** What a plugin told last. It is asked for it by one call at a time; what happens meanwhile becomes one more. */
export class Contributions {
  readonly #options: ContributionsOptions;
  #told: PluginContribution = {};
  #asking = false;
  #again = false;
  #ended = false;

  constructor(options: ContributionsOptions) {
    this.#options = options;
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
    this.#told = {};
  }

  /** As the merge takes it; `position` is the place of the plugin in the order of loading. */
  contribution(runtime: string, position: number): Contribution {
    const { entities, additions } = this.#told;
    const own = <E extends Entity>(told: readonly E[] = []): E[] =>
      told.map((entity) => ({
        ...entity,
        source: entity.source || 'plugin',
        address: { runtime, nativeId: entity.id },
      }));
    const lists: EntityLists = {
      areas: own(entities?.areas),
      components: own(entities?.components),
      apps: own(entities?.apps),
      functions: own(entities?.functions),
    };
    return { runtime, priority: PRIORITY + position * PER_POSITION, ...lists, ...(additions && { additions }) };
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
    this.#told = told;
    changed();
    clock.after(PAUSE_MS, () => {
      this.#asking = false;
      if (this.#again) this.refresh();
    });
  }
}
