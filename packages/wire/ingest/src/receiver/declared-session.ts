import type { Declaration } from '../declaration/declaration.ts';
import { layoutOf } from '../declaration/declared-layout.ts';
import { STATE, VALUE_BYTES } from '../message/layout.ts';
import { type FaultMemory, faultMemory } from './fault-memory.ts';

/** What a declaration says of the states that follow it. */
export interface DeclaredSession {
  readonly session: bigint;
  readonly revision: number;
  /** The body of the declaration, to know it again. */
  readonly json: Buffer;
  readonly ports: number;
  readonly faults: FaultMemory;
  readonly faultCount: number;
  /** Where the faults of a state begin, and where its body ends. */
  readonly faultsAt: number;
  readonly stateEnd: number;
}

/** The session of this id as its declaration lays it out. */
export function declaredSession(
  { session, revision, json }: Pick<DeclaredSession, 'session' | 'revision' | 'json'>,
  declaration: Declaration,
): DeclaredSession {
  const { portTypes, faults } = layoutOf(declaration);
  const faultsAt = STATE.values + portTypes.length * VALUE_BYTES;
  return {
    session,
    revision,
    json,
    ports: portTypes.length,
    faults: faultMemory(faults),
    faultCount: faults,
    faultsAt,
    stateEnd: faultsAt + faults * VALUE_BYTES,
  };
}
