import { MAX_OPERATIONS } from './bounds.ts';
import { ATTRIBUTES, readAttributes, scalarIn } from './readings.ts';
import type { OperationLimits, SessionChannel } from './session-channel.ts';

/** Variables of ServerCapabilities/OperationLimits (OPC 10000-5, 6.3.11). */
const LIMITS: Readonly<Record<keyof OperationLimits, string>> = {
  read: 'i=11705',
  browse: 'i=11710',
  translate: 'i=11712',
  monitor: 'i=11714',
};

/** Returns the limits of a server per request, or this client's limit if the server sets none or a higher one. */
export async function readOperationLimits(session: SessionChannel): Promise<OperationLimits> {
  const names = Object.keys(LIMITS) as readonly (keyof OperationLimits)[];
  const values = await readAttributes(
    session,
    names.map((name) => ({ nodeId: LIMITS[name], attribute: ATTRIBUTES.value })),
  );
  const limits = names.map((name, index) => {
    const said = Number(scalarIn(values[index]!) ?? 0);
    return [name, said >= 1 ? Math.min(Math.trunc(said), MAX_OPERATIONS) : MAX_OPERATIONS] as const;
  });
  return Object.fromEntries(limits) as unknown as OperationLimits;
}
