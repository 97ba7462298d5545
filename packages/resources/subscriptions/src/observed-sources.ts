import type { EntityRef } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { ObservedResource } from '@medkit/entities';
import { ObservedSource } from './observed-source.ts';
import type { ResourceSampler } from './resource-sampler.ts';

/** The followed resources: one source each, shared by all subscriptions. */
export class ObservedSources {
  readonly #clock: Clock;
  readonly #dormancy: (entity: EntityRef) => string | undefined;
  readonly #sources = new Map<string, { readonly source: ObservedSource; users: number }>();
  #samplesBefore = 0;

  /** `dormancy` returns why an entity must not be read. */
  constructor(clock: Clock, dormancy: (entity: EntityRef) => string | undefined) {
    this.#clock = clock;
    this.#dormancy = dormancy;
  }

  /** Number of reads of all resources since the start. */
  get samples(): number {
    let samples = this.#samplesBefore;
    for (const { source } of this.#sources.values()) samples += source.samples;
    return samples;
  }

  use(
    entity: EntityRef,
    { collection, path }: Pick<ObservedResource, 'collection' | 'path'>,
    sampler: ResourceSampler,
    owner?: string,
  ): { readonly source: ObservedSource; readonly release: () => void } {
    const key = `${entity.kind} ${entity.id} ${collection} ${path}`;
    const held = this.#sources.get(key) ?? {
      source: new ObservedSource({
        clock: this.#clock,
        entity,
        path,
        owner,
        sampler,
        dormancy: () => this.#dormancy(entity),
      }),
      users: 0,
    };
    held.users++;
    this.#sources.set(key, held);
    return {
      source: held.source,
      release: () => {
        if (--held.users > 0) return;
        this.#sources.delete(key);
        this.#samplesBefore += held.source.samples;
        held.source.end();
      },
    };
  }
}
