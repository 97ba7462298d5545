import type { Declaration, PortType } from './declaration.ts';

/** What the body of a state of a declaration is made of, in its order. */
export interface DeclaredLayout {
  readonly portTypes: readonly PortType[];
  readonly faults: number;
}

/** The layout of the states of a declaration. */
export const layoutOf = ({ apps }: Declaration): DeclaredLayout => ({
  portTypes: apps.flatMap(({ ports }) => ports.map(({ type }) => type)),
  faults: apps.reduce((sum, { faults }) => sum + faults.length, 0),
});
