import { AlreadyClosed } from '../errors.ts';

interface Closable {
  close(): Promise<void>;
}

/** The open publishers, subscriptions, clients and servers of a medkit node. They are closed together with the node. */
export class NodeChildren {
  readonly #fqn: string;
  readonly #open = new Set<Closable>();
  #isOpen = true;

  constructor({ fqn }: { readonly fqn: string }) {
    this.#fqn = fqn;
  }

  /** Throws `AlreadyClosed`. */
  requireOpen(): void {
    if (!this.#isOpen) throw new AlreadyClosed(`the node ${this.#fqn} is closed`);
  }

  /** Adds an opened child. If the node was closed in the meantime, closes the child too and throws `AlreadyClosed`. */
  async adopt<Child extends Closable>(child: Child): Promise<Child> {
    this.#open.add(child);
    if (!this.#isOpen) await child.close();
    this.requireOpen();
    return child;
  }

  /** Removes a closed child. */
  readonly disown = (child: Closable): void => void this.#open.delete(child);

  /** Closes all children. Returns false if they were already closed. */
  async close(): Promise<boolean> {
    if (!this.#isOpen) return false;
    this.#isOpen = false;
    await Promise.all([...this.#open].map((child) => child.close()));
    return true;
  }
}
