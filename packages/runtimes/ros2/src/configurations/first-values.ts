import type { Parameter, ParameterValue, RosNode } from '@medkit/ros2';

/** What the first values of one node may take; parameters beyond it cannot be reset. */
const MAX_BYTES_PER_NODE = 1_048_576;
/** What those of all nodes may take. The node that was asked about longest ago makes room. */
const MAX_BYTES = 33_554_432;
/** A value without its text or elements, and its place in the map. */
const BYTES_PER_VALUE = 100;

interface Remembered {
  /** The processes that the node was seen in: one that comes back in another has started anew. */
  readonly participants: readonly string[];
  readonly values: Map<string, ParameterValue>;
  bytes: number;
}

/**
 * The value that each parameter had when it was first seen, which is what a reset goes back to. A node's parameters are
 * seen when it is first read or before it is first written to, not when it appears: asking every node of a robot that
 * starts would be a storm when it can least bear one. A node that starts anew is seen anew.
 */
export class FirstValues {
  /** By FQN, the one asked about longest ago first. */
  readonly #nodes = new Map<string, Remembered>();
  #bytes = 0;

  /** Takes the values of those parameters that are seen for the first time. */
  remember(node: RosNode, parameters: readonly Parameter[]): void {
    const remembered = this.#take(node) ?? { participants: node.participants, values: new Map(), bytes: 0 };
    this.#nodes.set(node.fqn, remembered);
    for (const { name, value } of parameters) {
      const bytes = bytesOf(name) + bytesOf(value);
      if (remembered.values.has(name) || remembered.bytes + bytes > MAX_BYTES_PER_NODE) continue;
      remembered.values.set(name, value);
      remembered.bytes += bytes;
      this.#bytes += bytes;
    }
    for (const fqn of this.#nodes.keys()) {
      if (this.#bytes <= MAX_BYTES) break;
      this.#forget(fqn);
    }
  }

  /** By parameter; `undefined` for a node that was not seen yet. */
  of(node: RosNode): ReadonlyMap<string, ParameterValue> | undefined {
    return this.#take(node)?.values;
  }

  #take(node: RosNode): Remembered | undefined {
    const remembered = this.#nodes.get(node.fqn);
    if (!remembered) return undefined;
    if (!remembered.participants.some((participant) => node.participants.includes(participant))) {
      this.#forget(node.fqn);
      return undefined;
    }
    this.#nodes.delete(node.fqn);
    this.#nodes.set(node.fqn, remembered);
    return remembered;
  }

  #forget(fqn: string): void {
    this.#bytes -= this.#nodes.get(fqn)?.bytes ?? 0;
    this.#nodes.delete(fqn);
  }
}

function bytesOf(value: string | ParameterValue): number {
  if (typeof value === 'string') return 2 * value.length;
  if (value.type === 'string') return BYTES_PER_VALUE + bytesOf(value.value);
  if (value.type === 'string_array') {
    return value.value.reduce((bytes, text) => bytes + BYTES_PER_VALUE + bytesOf(text), BYTES_PER_VALUE);
  }
  const elements = 'value' in value && typeof value.value === 'object' ? value.value.length : 0;
  return BYTES_PER_VALUE + 16 * elements;
}
