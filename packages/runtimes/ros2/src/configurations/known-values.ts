import type { RosNode } from '@medkit/ros2';

/** Maximum stored values of all nodes. Values of the least recently used node are removed first. */
const MAX_VALUES = 10_000;

interface Known {
  /** Processes in which the node was seen. */
  readonly participants: readonly string[];
  readonly values: Map<string, string>;
  /** Some of its values were removed to save space. */
  isCut: boolean;
}

/** Last known parameter values as texts. They provide the previous value when a parameter changes. */
export class KnownValues {
  readonly #maxValues: number;
  /** By FQN, least recently used first. */
  readonly #nodes = new Map<string, Known>();
  #count = 0;

  constructor(maxValues = MAX_VALUES) {
    this.#maxValues = maxValues;
  }

  of(node: RosNode, name: string): string | undefined {
    return this.#take(node)?.values.get(name);
  }

  /**
   * Returns whether values of the node were removed: an unknown parameter may then have changed since it was first
   * read.
   */
  isCut(node: RosNode): boolean {
    return this.#take(node)?.isCut ?? false;
  }

  set(node: RosNode, name: string, text: string | undefined): void {
    const { values } = this.#take(node) ?? this.#begin(node);
    if (values.delete(name)) this.#count--;
    if (text === undefined) return;
    values.set(name, text);
    this.#count++;
    for (const known of this.#nodes.values()) {
      if (this.#count <= this.#maxValues) break;
      if (known.values.size === 0) continue;
      this.#count -= known.values.size;
      known.values.clear();
      known.isCut = true;
    }
  }

  forget(fqn: string): void {
    this.#count -= this.#nodes.get(fqn)?.values.size ?? 0;
    this.#nodes.delete(fqn);
  }

  #begin({ fqn, participants }: RosNode): Known {
    const known = { participants, values: new Map(), isCut: false };
    this.#nodes.set(fqn, known);
    return known;
  }

  /** Discards the values of a restarted node. */
  #take({ fqn, participants }: RosNode): Known | undefined {
    const known = this.#nodes.get(fqn);
    if (!known) return undefined;
    if (!known.participants.some((participant) => participants.includes(participant))) {
      this.forget(fqn);
      return undefined;
    }
    this.#nodes.delete(fqn);
    this.#nodes.set(fqn, known);
    return known;
  }
}
