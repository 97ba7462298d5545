import type { Parameter, ParameterValue, RosNode } from '@medkit/ros2';

/** Maximum bytes of stored initial values per node; parameters beyond it cannot be reset. */
const MAX_BYTES_PER_NODE = 1_048_576;
/** Maximum bytes for all nodes. The least recently used node is removed first. */
const MAX_BYTES = 33_554_432;
/** Size of a value without its text or elements, plus its map entry. */
const BYTES_PER_VALUE = 100;

interface Remembered {
  /** Processes in which the node was seen. A node in another process has restarted. */
  readonly participants: readonly string[];
  readonly values: Map<string, ParameterValue>;
  bytes: number;
}

/**
 * Stores the value that each parameter had when it was first seen; a reset restores it. The values are recorded when a
 * node is first read or before it is first written, not when it appears: reading every node while the robot starts
 * would overload it. Values of a restarted node are recorded again.
 */
export class FirstValues {
  /** By FQN, least recently used first. */
  readonly #nodes = new Map<string, Remembered>();
  #bytes = 0;

  /** Stores the values of parameters that are not stored yet. */
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

  /** Returns the values by parameter; `undefined` if the node has none stored. */
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
