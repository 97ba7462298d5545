import { AlreadyClosed } from '../errors.ts';

interface Closable {
  close(): Promise<void>;
}

/** What is open on a node of ours: publishers, subscriptions, clients and servers. It is closed together with the node. */
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

  /** Takes in what was opened. The node may have been closed meanwhile: then it is closed as well. */
  async adopt<Child extends Closable>(child: Child): Promise<Child> {
    this.#open.add(child);
    if (!this.#isOpen) await child.close();
    this.requireOpen();
    return child;
  }

  /** One of them was closed. */
  readonly disown = (child: Closable): void => void this.#open.delete(child);

  /** Closes all of them; false where that was done before. */
  async close(): Promise<boolean> {
    if (!this.#isOpen) return false;
    this.#isOpen = false;
    await Promise.all([...this.#open].map((child) => child.close()));
    return true;
  }
}
