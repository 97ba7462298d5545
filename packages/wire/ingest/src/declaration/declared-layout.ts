import type { Declaration, PortType } from './declaration.ts';

/** Contents of a state's body, in order. */
export interface DeclaredLayout {
  readonly portTypes: readonly PortType[];
  readonly faults: number;
}

/** Returns the layout of a declaration's states. */
export const layoutOf = ({ apps }: Declaration): DeclaredLayout => ({
  portTypes: apps.flatMap(({ ports }) => ports.map(({ type }) => type)),
  faults: apps.reduce((sum, { faults }) => sum + faults.length, 0),
});
