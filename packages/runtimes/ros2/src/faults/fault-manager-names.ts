/** Full names in the graph of a fault manager and its endpoints. */
export interface FaultManagerNames {
  /** Namespace of its node: `/` or `/robot1`. */
  readonly namespace: string;
  /** Full name of its node: `/robot1/fault_manager`. */
  readonly node: string;
  /** Topic of its fault events. */
  readonly events: string;
  /** Returns the full name of a service. */
  service(name: string): string;
}

export const FAULT_MANAGER_NODE = 'fault_manager';

const NAMESPACE = /^(?:\/[A-Za-z_][A-Za-z0-9_]*)+$/;

/**
 * Returns the names of the fault manager in a namespace, with or without surrounding slashes; an invalid namespace
 * counts as `/`.
 */
export function faultManagerNames(namespace: string): FaultManagerNames {
  const plain = `/${namespace.replace(/^\/+|\/+$/g, '')}`;
  const valid = NAMESPACE.test(plain) ? plain : '';
  const node = `${valid}/${FAULT_MANAGER_NODE}`;
  return {
    namespace: valid === '' ? '/' : valid,
    node,
    events: `${node}/events`,
    service: (name) => `${node}/${name}`,
  };
}
