/** The components that have a debug log, with what each log contains. */
export const DEBUG_COMPONENTS = {
  faults: 'reports to the fault manager with their outcome',
  http: 'requests of clients with status and duration',
  peer: 'requests to other gateways with status and duration, and reads of their trees',
  ros2: 'service calls on the ROS 2 graph with outcome and duration',
  rtps: 'DDS participants, matched and incompatible endpoints, dropped datagrams',
} as const;

export type DebugComponent = keyof typeof DEBUG_COMPONENTS;

/** Writes a line to the debug log of a component. */
type WriteDebug = (message: string) => void;

const logs: { [Component in DebugComponent]?: WriteDebug | undefined } = {};

/**
 * The debug logs of this thread; each is `undefined` while it is off. An optional call then costs one property read,
 * because its text is not built: debug.peer?.(`GET ${path}`).
 */
export const debug: Readonly<typeof logs> = logs;

/** Turns on the debug logs of `components`, and turns off all others. */
export function setDebugLogs(
  components: readonly DebugComponent[],
  write: (component: DebugComponent, message: string) => void,
): void {
  for (const component of Object.keys(DEBUG_COMPONENTS) as DebugComponent[]) {
    logs[component] = components.includes(component) ? (message) => write(component, message) : undefined;
  }
}

/** Returns the components whose debug log is on in this thread. */
export function debugComponents(): readonly DebugComponent[] {
  return (Object.keys(DEBUG_COMPONENTS) as DebugComponent[]).filter((component) => logs[component] !== undefined);
}
