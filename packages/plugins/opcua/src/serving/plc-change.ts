import { SovdError } from '@medkit/contract';
import type { JsonObject, JsonValue } from '@medkit/core';
import { type PlcScalar, type PlcSession, PlcUnreachable } from '@medkit/opcua';
import type { MappedNode } from '../node-map/node-map.ts';
import type { Plc } from '../plc/plc.ts';
import { askPlc, sovdErrorOf } from './plc-failure.ts';

/** How long to wait for a value whose write was not answered: enough to start a lost session again. */
const LOOK_MS = 5000;
const LOOK_EVERY_MS = 50;

interface PlcChange<T> {
  /** The change, such as `ns=2;s=Speed was written`. */
  readonly what: string;
  /** Identifies what may have changed. */
  readonly parameters: JsonObject;
  readonly work: (session: PlcSession) => Promise<T>;
}

/**
 * Executes a change in a PLC. Throws `x-medkit-outcome-unknown` if it was sent and the connection ended before the
 * answer.
 */
export async function changePlc<T>(plc: Plc, { what, parameters, work }: PlcChange<T>): Promise<T> {
  // Without a session, nothing is sent.
  const session = await askPlc(async () => plc.session);
  try {
    return await work(session);
  } catch (error) {
    if (!(error instanceof PlcUnreachable)) throw sovdErrorOf(error);
    const message = `${what}, but the outcome is unknown: ${error.message}`;
    throw new SovdError({
      code: 'x-medkit-outcome-unknown',
      message,
      parameters: { ...parameters, details: error.message },
    });
  }
}

/** Writes a variable. If the write is not answered, waits until the PLC reports the new value. */
export async function writeVariable(plc: Plc, node: MappedNode, value: PlcScalar): Promise<void> {
  const { nodeId } = node;
  const before = plc.values.of(nodeId);
  try {
    const parameters = { node_id: nodeId };
    await changePlc(plc, {
      what: `${nodeId} was written`,
      parameters,
      work: (session) => session.write(nodeId, value),
    });
  } catch (error) {
    if (!(error instanceof SovdError) || error.code !== 'x-medkit-outcome-unknown') throw error;
    for (let waitedMs = 0; waitedMs < LOOK_MS; waitedMs += LOOK_EVERY_MS) {
      const now = plc.values.of(nodeId);
      if (plc.isConnected && now && now !== before && now.quality === 'good' && hasValue(node, now.value, value))
        return;
      await plc.wait(LOOK_EVERY_MS);
    }
    throw error;
  }
}

/** Returns whether a variable has the written value: a Float is rounded to 32 bits. */
function hasValue({ type }: MappedNode, now: JsonValue | undefined, written: PlcScalar): boolean {
  // A large integer is a bigint, but may have been written as a number.
  return (
    String(now) === String(written) || (type === 'float' && Math.fround(Number(now)) === Math.fround(Number(written)))
  );
}
