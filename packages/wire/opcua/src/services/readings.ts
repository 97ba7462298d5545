import type { SessionChannel } from '../channel/session-channel.ts';
import type { OpcuaLibrary } from '../opcua-library.ts';
import type { PlcReading } from '../plc-reading.ts';
import { toJsonValue } from '../values/json-value.ts';
import { nodeIdOf } from '../values/node-ids.ts';
import { type ReceivedVariant, scalarOf } from '../values/scalars.ts';
import { qualityOf, statusName } from '../values/status.ts';

/** Attributes of nodes by number (OPC 10000-6, A.1). */
export const ATTRIBUTES = {
  nodeId: 1,
  nodeClass: 2,
  value: 13,
  dataType: 14,
  valueRank: 15,
  userAccessLevel: 18,
} as const;

/** A value with status and time, as decoded by the library. */
export interface ReceivedValue {
  readonly value: ReceivedVariant | null;
  readonly statusCode: { readonly value: number };
  readonly sourceTimestamp?: Date | null;
  readonly sourcePicoseconds?: number;
}

export interface ReadItem {
  readonly nodeId: string;
  readonly attribute: (typeof ATTRIBUTES)[keyof typeof ATTRIBUTES];
}

/** Reads attributes, in the given order. Rejects with `PlcError`, and with `PlcRefused` for an invalid node id. */
export async function readAttributes(
  session: SessionChannel,
  items: readonly ReadItem[],
): Promise<readonly ReceivedValue[]> {
  const { library } = session;
  const nodes = items.map(({ nodeId, attribute }) => ({ nodeId: nodeIdOf(library, nodeId), attributeId: attribute }));
  return session.askInParts(nodes, session.limits.read, async (nodesToRead) => {
    const request = new library.ReadRequest({
      nodesToRead,
      maxAge: 0,
      timestampsToReturn: library.TimestampsToReturn.Source,
    });
    return (await session.ask(request, library.ReadResponse)).results as unknown as readonly ReceivedValue[];
  });
}

/** Returns the scalar value of an attribute; `undefined` if the server does not provide it. */
export function scalarIn({ value, statusCode }: ReceivedValue) {
  return value && qualityOf(statusCode.value) !== 'bad' ? scalarOf(value) : undefined;
}

export function readingOf(library: OpcuaLibrary, received: ReceivedValue, receivedNs: bigint): PlcReading {
  const { value, statusCode } = received;
  return {
    ...(value ? toJsonValue(value) : { value: undefined }),
    quality: qualityOf(statusCode.value),
    status: statusName(library, statusCode.value),
    sourceTimeNs: sourceTimeOf(received),
    receivedNs,
  };
}

const NS_PER_MS = 1_000_000n;
/** A time of 0 in OPC UA is in 1601; times before 1970 are invalid. */
const NO_TIME_BEFORE_MS = 0;

function sourceTimeOf({ sourceTimestamp, sourcePicoseconds = 0 }: ReceivedValue): bigint | undefined {
  const ms = sourceTimestamp?.getTime() ?? Number.NaN;
  if (!(ms > NO_TIME_BEFORE_MS)) return undefined;
  return BigInt(ms) * NS_PER_MS + BigInt(Math.floor(sourcePicoseconds / 1000));
}
