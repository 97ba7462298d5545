import { SovdError } from '@medkit/contract';
import type { App, CallContext, Model } from '@medkit/core';
import { type NamedData, ownersOf } from '@medkit/entities';

/**
 * Throws `invalid-parameter` if an app lists its data and the name resolves to no item or to several. An app that
 * cannot answer now may have the item: a starting node, a disconnected PLC.
 */
export async function assertDataPoint(
  { model, names }: { readonly model: Model; readonly names: NamedData },
  app: App,
  dataName: string,
  call: CallContext,
): Promise<void> {
  if (ownersOf(model, app, 'data').length === 0) return;
  try {
    await names.use(app, dataName, call, async () => undefined, 'listed');
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) return;
    const message = `Data point '${dataName}' not found on app '${app.id}': ${problem}`;
    throw new SovdError({ code: 'invalid-parameter', message });
  }
}

/**
 * Returns why a name resolves to no data item, or `undefined` if it may resolve to one. Throws errors other than
 * `SovdError`.
 */
function problemOf(error: unknown): string | undefined {
  if (!(error instanceof SovdError)) throw error;
  const { code, message, parameters = {} } = error;
  if (code === 'invalid-request') return message;
  if (code !== 'resource-not-found') return undefined;
  const closest = Array.isArray(parameters['closest']) ? parameters['closest'] : [];
  const count = Number(parameters['available_count'] ?? 0);
  if (closest.length === 0) return 'the app has no data';
  const listed = count > closest.length ? `closest ${closest.length} of ${count}` : 'available';
  return `did you mean '${closest[0]}'? (${listed}: ${closest.join(', ')})`;
}
