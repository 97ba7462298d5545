/** Full names on the graph of a fault manager and of all that it offers. */
export interface FaultManagerNames {
  /** Namespace of its node: `/` or `/robot1`. */
  readonly namespace: string;
  /** Full name of its node: `/robot1/fault_manager`. */
  readonly node: string;
  /** Where it publishes what happens to faults. */
  readonly events: string;
  /** Full name of one of its services. */
  service(name: string): string;
}

export const FAULT_MANAGER_NODE = 'fault_manager';

const NAMESPACE = /^(?:\/[A-Za-z_][A-Za-z0-9_]*)+$/;

/** The names of the fault manager in a namespace, with or without slashes around it; one that is none counts as `/`. */
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
