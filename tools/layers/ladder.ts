/** Which packages each package may import: the ladder of docs/architecture.md. Nothing else, and nothing upward. */
export const LADDER: Readonly<Record<string, readonly string[]>> = {
  edges: [],
  contract: [],
  rtps: ['edges'],
  ros2: ['rtps', 'edges'],
  store: ['edges'],
  core: ['contract', 'edges'],
  faults: ['edges', 'store'],
  services: ['contract', 'core', 'edges'],
  'runtime-ros2': ['contract', 'core', 'edges', 'faults', 'ros2', 'store'],
  gateway: ['contract', 'core', 'edges', 'faults', 'ros2', 'runtime-ros2', 'services', 'store'],
  demo: ['edges', 'ros2'],
  cli: ['contract', 'demo', 'edges', 'gateway'],
};
