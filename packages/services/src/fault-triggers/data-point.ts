import { SovdError } from '@medkit/contract';
import { type App, type CallContext, closestNames, type Model } from '@medkit/core';
import { ownersOf } from '../members/owners.ts';

/** Names that an error lists at most. */
const MAX_NAMES = 20;

/**
 * Throws `invalid-parameter` where an app can tell its data and this is none of it. One that cannot tell at the moment may
 * have it: a node that is just starting, a PLC that is not connected.
 */
export async function assertDataPoint(model: Model, app: App, dataName: string, call: CallContext): Promise<void> {
  const names = await dataNames(model, app, call);
  if (names === undefined || names.some((name) => name === dataName || name === `/${dataName}`)) return;
  const closest = closestNames(dataName, names);
  const [first] = closest;
  const listed = names.length > MAX_NAMES ? `closest ${MAX_NAMES} of ${names.length}` : 'available';
  const known = first
    ? `did you mean '${first}'? (${listed}: ${closest.slice(0, MAX_NAMES).join(', ')})`
    : 'the app has no data';
  const message = `Data point '${dataName}' not found on app '${app.id}': ${known}`;
  throw new SovdError({ code: 'invalid-parameter', message });
}

async function dataNames(model: Model, app: App, call: CallContext): Promise<readonly string[] | undefined> {
  const [owner] = ownersOf(model, app, 'data');
  if (!owner) return undefined;
  try {
    return (await owner.provider.list(owner.nativeId, call)).map(({ id }) => id);
  } catch (error) {
    if (error instanceof SovdError) return undefined;
    throw error;
  }
}
