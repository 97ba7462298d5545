/**
 * Returns the canonical name of a logger. `/arm/gripper` and `arm.gripper` are the same, because some clients write the
 * logger of a node with dots. Node names contain no dots.
 */
export function loggerKey(name: string): string {
  const start = name.startsWith('/') ? 1 : 0;
  return (start > 0 ? name.slice(start) : name).replaceAll('/', '.');
}

/**
 * Returns whether `key` is below `namespace`, both as returned by `loggerKey`. `a.b.c` is below `a.b`; `a.bc` is not.
 */
export function isBelow(key: string, namespace: string): boolean {
  return (
    namespace === '' || (key.length > namespace.length && key[namespace.length] === '.' && key.startsWith(namespace))
  );
}

/** Converts a logger name to the form of a node name: `arm.gripper` becomes `/arm/gripper`. */
export function loggerPath(name: string): string {
  return `/${loggerKey(name).replaceAll('.', '/')}`;
}
