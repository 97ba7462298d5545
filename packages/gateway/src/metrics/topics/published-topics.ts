import { callContext, type DataProvider, LOCAL, type Model } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import { placesOf } from '@medkit/entities';

/** Time between two searches: a starting robot changes its topics many times a second. */
const SETTLE_MS = 1000;
/** Timeout for a provider that lists its data. */
const LIST_TIMEOUT_MS = 2000;

/** A provider that has a topic, and an entity that publishes the topic. */
export interface TopicPlace {
  readonly provider: DataProvider;
  readonly nativeId: string;
}

export interface PublishedTopicsOptions {
  readonly model: Pick<Model, 'events' | 'originOf' | 'provider' | 'tree'>;
  readonly clock: Clock;
  /** Whether a topic is wanted, by its name. */
  readonly matches: (topic: string) => boolean;
  /** Called with the wanted topics that apps of this gateway publish, sorted by name, after each search. */
  readonly found: (topics: ReadonlyMap<string, TopicPlace>) => void;
}

/**
 * Searches for topics that apps of this gateway publish: immediately, and again after changes of entities or data.
 * Returns a function that ends the search.
 */
export function followPublishedTopics({ model, clock, matches, found }: PublishedTopicsOptions): () => void {
  const ended = new AbortController();
  let next: Timer | undefined;
  let isStale = false;
  let isBusy = false;
  const look = async (): Promise<void> => {
    isBusy = true;
    isStale = false;
    const topics = new Map<string, TopicPlace>();
    const call = callContext({ clock, timeoutMs: LIST_TIMEOUT_MS, signal: ended.signal });
    for (const app of model.tree.all('app').filter(({ origin = LOCAL }) => origin === LOCAL)) {
      const [place] = placesOf(model, app, 'data').filter(({ origin }) => origin === LOCAL);
      if (!place) continue;
      // A provider that fails is asked again after the next change; its list reports the error.
      const entries = await place.provider.list(place.nativeId, call).catch(() => []);
      for (const { channel } of entries) {
        if (channel && channel.direction !== 'subscribe' && !topics.has(channel.name) && matches(channel.name))
          topics.set(channel.name, { provider: place.provider, nativeId: place.nativeId });
      }
    }
    if (ended.signal.aborted) return;
    found(new Map([...topics].toSorted(([one], [other]) => (one < other ? -1 : 1))));
    isBusy = false;
    if (isStale) schedule();
  };
  const schedule = (): void => {
    isStale = true;
    if (next || isBusy) return;
    next = clock.after(SETTLE_MS, () => {
      next = undefined;
      void look();
    });
  };
  const stops = [model.events.on('data.changed', schedule), model.events.on('entities.changed', schedule)];
  void look();
  return () => {
    for (const stop of stops) stop();
    next?.cancel();
    ended.abort();
  };
}
