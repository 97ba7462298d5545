import type { Link } from '@medkit/edges/link';
import type { EventHook } from '../event-hooks.ts';

/** What listeners can be told of besides samples. */
export type Topic = EventHook | 'graph';

/** The listeners of a plugin, in its process. */
export class ChildListeners {
  readonly #link: () => Link;
  readonly #listeners = new Map<number, (event: never) => void>();
  #lastId = 0;

  constructor(link: () => Link) {
    this.#link = link;
  }

  newId(): number {
    return ++this.#lastId;
  }

  add(listener: (event: never) => void): number {
    const id = this.newId();
    this.#listeners.set(id, listener);
    return id;
  }

  drop(id: number): void {
    this.#listeners.delete(id);
  }

  /** Listens to what the gateway tells of `topic`. Gives a way to stop. */
  listen(topic: Topic, listener: (event: never) => void): () => void {
    const id = this.add(listener);
    this.#link().notify('listen', [topic, id]);
    return () => {
      this.drop(id);
      this.#link().notify('unlisten', [id]);
    };
  }

  /** Hands an event on. What a listener throws is told to the gateway, where it counts as a failure. */
  hear(id: number, event: unknown): void {
    let failure: string | undefined;
    try {
      this.#listeners.get(id)?.(event as never);
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
    this.#link().notify('taken', [id, failure]);
  }
}
