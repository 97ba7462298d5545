import type { Link } from '@medkit/edges/link';

/** Maximum number of unacknowledged events per listener. */
const MAX_WAITING = 256;
/** Maximum number of listeners per plugin. */
const MAX_LISTENERS = 1024;

interface Forwarding {
  waiting: number;
  readonly stop: () => void;
}

export interface EventForwarderOptions {
  readonly link: () => Link;
  /** Called if a listener whose events must not be dropped does not keep up. */
  readonly onOverflow: () => void;
}

/**
 * Forwards events to the listeners in a plugin's process. Every event is acknowledged. If the process does not keep up,
 * samples and log entries are dropped. If any other event would be dropped, the process is ended.
 */
export class EventForwarder {
  readonly #options: EventForwarderOptions;
  readonly #listeners = new Map<number, Forwarding>();

  constructor(options: EventForwarderOptions) {
    this.#options = options;
  }

  /** Adds the listener with this number. `on` starts the delivery and returns a function that stops it. */
  add(id: number, losable: boolean, on: (deliver: (event: unknown) => void) => () => void): void {
    if (this.#listeners.has(id)) throw new Error(`listener ${id} already exists`);
    if (this.#listeners.size >= MAX_LISTENERS) throw new Error(`a plugin has at most ${MAX_LISTENERS} listeners`);
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

  /** Records that the process has acknowledged one event of this listener. */
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
