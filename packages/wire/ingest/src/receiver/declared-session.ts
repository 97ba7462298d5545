import type { Declaration } from '../declaration/declaration.ts';
import { layoutOf } from '../declaration/declared-layout.ts';
import { STATE, VALUE_BYTES } from '../message/layout.ts';
import { type FaultMemory, faultMemory } from './fault-memory.ts';

/** Layout of the states that follow a declaration. */
export interface DeclaredSession {
  readonly session: bigint;
  readonly revision: number;
  /** Body of the declaration, to detect repetitions. */
  readonly json: Buffer;
  readonly ports: number;
  readonly faults: FaultMemory;
  readonly faultCount: number;
  /** Offset of the faults in a state, and of the end of its body. */
  readonly faultsAt: number;
  readonly stateEnd: number;
}

/** Returns the session with this id, laid out according to its declaration. */
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
