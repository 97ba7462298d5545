import type { RosEndpoint } from '@medkit/ros2';

/** A node that exits removes its endpoints one by one and is announced as removed within this time. */
const DEPARTURE_MS = 10_000;
/** Maximum nodes; tools such as `ros2 topic echo` create nodes with new names each time. */
const MAX_NODES = 1000;
const MAX_ENDPOINTS_OF_NODE = 256;

interface Lost {
  readonly endpoint: RosEndpoint;
  readonly atMs: number;
}

/** The connections of departed nodes, so that a pipeline still shows its missing parts. */
export class DepartedNodes {
  /** Recently removed endpoints of nodes, oldest node first. */
  readonly #lost = new Map<string, readonly Lost[]>();
  readonly #departed = new Map<string, readonly RosEndpoint[]>();

  /** Call when an endpoint of a node is removed. */
  lost(endpoint: RosEndpoint, fqn: string, nowMs: number): void {
    const before = (this.#lost.get(fqn) ?? []).filter(({ atMs }) => nowMs - atMs <= DEPARTURE_MS);
    put(this.#lost, fqn, [...before, { endpoint, atMs: nowMs }].slice(-MAX_ENDPOINTS_OF_NODE));
    const departed = this.#departed.get(fqn);
    // The node was announced as removed before its endpoints.
    if (departed) put(this.#departed, fqn, [...departed, endpoint].slice(-MAX_ENDPOINTS_OF_NODE));
  }

  /** Call when a node is removed. */
  left(fqn: string, nowMs: number): void {
    const lately = (this.#lost.get(fqn) ?? []).filter(({ atMs }) => nowMs - atMs <= DEPARTURE_MS);
    this.#lost.delete(fqn);
    put(
      this.#departed,
      fqn,
      lately.map(({ endpoint }) => endpoint),
    );
  }

  /** Call when a node has returned. */
  returned(fqn: string): void {
    this.#departed.delete(fqn);
    this.#lost.delete(fqn);
  }

  endpointsOf(fqn: string): readonly RosEndpoint[] {
    return this.#departed.get(fqn) ?? [];
  }
}

/** Adds an entry as the newest; beyond `MAX_NODES` the oldest is removed. */
function put<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= MAX_NODES) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
