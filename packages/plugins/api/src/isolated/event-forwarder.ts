import type { Link } from '@medkit/edges/link';

/** What one listener in the process may have in front of it. */
const MAX_WAITING = 256;
/** Listeners of one plugin. */
const MAX_LISTENERS = 1024;

interface Forwarding {
  waiting: number;
  readonly stop: () => void;
}

export interface EventForwarderOptions {
  readonly link: () => Link;
  /** A listener of which nothing may be left out does not keep up. */
  readonly onOverflow: () => void;
}

/**
 * The listeners that a plugin has in its process, told of events from here. Each event is acknowledged; a process that does
 * not keep up loses samples and log entries, and is given up where it would lose what it cannot do without.
 */
export class EventForwarder {
  readonly #options: EventForwarderOptions;
  readonly #listeners = new Map<number, Forwarding>();

  constructor(options: EventForwarderOptions) {
    this.#options = options;
  }

  /** Listens for the listener with this number. `on` begins and gives a way to stop. */
  add(id: number, losable: boolean, on: (tell: (event: unknown) => void) => () => void): void {
    if (this.#listeners.has(id)) throw new Error(`there is a listener ${id} already`);
    if (this.#listeners.size >= MAX_LISTENERS) throw new Error(`a plugin has ${MAX_LISTENERS} listeners at most`);
    const forwarding: Forwarding = {
      waiting: 0,
      stop: on((event) => {
        if (forwarding.waiting >= MAX_WAITING) {
          if (!losable) this.#options.onOverflow();
          return;
        }
        forwarding.waiting++;
        this.#options.link().notify('heard', [id, event]);
      }),
    };
    this.#listeners.set(id, forwarding);
  }

  /** The process has taken in one event for this listener. */
  taken(id: number): void {
    const forwarding = this.#listeners.get(id);
    if (forwarding && forwarding.waiting > 0) forwarding.waiting--;
  }

  remove(id: number): void {
    this.#listeners.get(id)?.stop();
    this.#listeners.delete(id);
  }

  clear(): void {
    for (const id of [...this.#listeners.keys()]) this.remove(id);
  }
}
