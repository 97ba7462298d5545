import type { RosNode } from '@medkit/ros2';

/** Parameters of which it is known what they are, of all nodes; those of the node that was heard of longest ago make room. */
const MAX_VALUES = 10_000;

interface Known {
  /** The processes that the node was seen in. */
  readonly participants: readonly string[];
  readonly values: Map<string, string>;
  /** Some were known that are not any more. */
  isCut: boolean;
}

/** The values of parameters as texts, as far as they were heard of: by these it is known what one was before it changed. */
export class KnownValues {
  readonly #maxValues: number;
  /** By FQN, the one heard of longest ago first. */
  readonly #nodes = new Map<string, Known>();
  #count = 0;

  constructor(maxValues = MAX_VALUES) {
    this.#maxValues = maxValues;
  }

  of(node: RosNode, name: string): string | undefined {
    return this.#take(node)?.values.get(name);
  }

  /** Whether a parameter of which nothing is known may have changed since it was first read. */
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

  /** Of a node that was started anew nothing is known. */
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
