import type { Link } from '@medkit/edges/link';
import type { EventHook } from '../event-hooks.ts';

/** Notifications that a listener can receive, apart from samples. */
export type Topic = EventHook | 'graph';

/** The listeners of a plugin, in the plugin's process. */
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

  /** Listens to the notifications of `topic`. Returns a function that stops listening. */
  listen(topic: Topic, listener: (event: never) => void): () => void {
    const id = this.add(listener);
    this.#link().notify('listen', [topic, id]);
    return () => {
      this.drop(id);
      this.#link().notify('unlisten', [id]);
    };
  }

  /**
   * Delivers an event and acknowledges it. If the listener throws, the acknowledgement contains the error, and the
   * gateway counts a failure.
   */
  deliver(id: number, event: unknown): void {
    let failure: string | undefined;
    try {
      this.#listeners.get(id)?.(event as never);
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
    this.#link().notify('taken', [id, failure]);
  }
}
