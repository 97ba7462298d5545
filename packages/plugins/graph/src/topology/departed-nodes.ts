import type { RosEndpoint } from '@medkit/ros2';

/** A node that ends takes its endpoints away one by one, and is itself announced as gone within so long. */
const DEPARTURE_MS = 10_000;
/** Nodes with names of their own each time, as of `ros2 topic echo`, come and go without end. */
const MAX_NODES = 1000;
const MAX_ENDPOINTS_OF_NODE = 256;

interface Lost {
  readonly endpoint: RosEndpoint;
  readonly atMs: number;
}

/** What nodes that have gone were connected to, so that a pipeline still shows what is missing in it. */
export class DepartedNodes {
  /** Endpoints that went from nodes lately, the oldest node first. */
  readonly #lost = new Map<string, readonly Lost[]>();
  readonly #departed = new Map<string, readonly RosEndpoint[]>();

  /** To be called when an endpoint of a node goes. */
  lost(endpoint: RosEndpoint, fqn: string, nowMs: number): void {
    const before = (this.#lost.get(fqn) ?? []).filter(({ atMs }) => nowMs - atMs <= DEPARTURE_MS);
    put(this.#lost, fqn, [...before, { endpoint, atMs: nowMs }].slice(-MAX_ENDPOINTS_OF_NODE));
    const departed = this.#departed.get(fqn);
    // The node was said to be gone before its endpoints were.
    if (departed) put(this.#departed, fqn, [...departed, endpoint].slice(-MAX_ENDPOINTS_OF_NODE));
  }

  /** To be called when a node goes. */
  left(fqn: string, nowMs: number): void {
    const lately = (this.#lost.get(fqn) ?? []).filter(({ atMs }) => nowMs - atMs <= DEPARTURE_MS);
    this.#lost.delete(fqn);
    put(
      this.#departed,
      fqn,
      lately.map(({ endpoint }) => endpoint),
    );
  }

  /** To be called when a node is there again. */
  returned(fqn: string): void {
    this.#departed.delete(fqn);
    this.#lost.delete(fqn);
  }

  endpointsOf(fqn: string): readonly RosEndpoint[] {
    return this.#departed.get(fqn) ?? [];
  }
}

/** Puts an entry in as the newest one; beyond `MAX_NODES` the oldest makes way. */
function put<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= MAX_NODES) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
