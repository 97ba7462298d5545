/**
 * The one name of a logger that has two: `/arm/gripper` and `arm.gripper` are the same, since some write the logger of a
 * node in a namespace with dots. Names of nodes have no dots of their own.
 */
export function loggerKey(name: string): string {
  const start = name.startsWith('/') ? 1 : 0;
  return (start > 0 ? name.slice(start) : name).replaceAll('/', '.');
}

/** True where `key` stands below `namespace`, both as of `loggerKey`: `a.b.c` below `a.b`, but not `a.bc`. */
export function isBelow(key: string, namespace: string): boolean {
  return (
    namespace === '' || (key.length > namespace.length && key[namespace.length] === '.' && key.startsWith(namespace))
  );
}

/** `arm.gripper` as a node is named: `/arm/gripper`. */
export function loggerPath(name: string): string {
  return `/${loggerKey(name).replaceAll('.', '/')}`;
}
