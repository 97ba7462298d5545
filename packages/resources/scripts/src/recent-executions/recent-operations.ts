import type { ExecutionSummary } from '@medkit/contract';
import { type CallContext, type Entity, LOCAL, type Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { ask, type Gathered, LIST, namedOperations, type OperationOwner, placesOf } from '@medkit/entities';
import { operationSummary } from '../service/execution-summary.ts';

/** Maximum executions of one operation that are read individually. */
const MAX_LOOKED_AT = 20;

/** Returns the executions of the operations of these entities. An execution of a shared operation is listed once. */
export async function recentOperations(
  { model, clock }: { readonly model: Model; readonly clock: Clock },
  entities: readonly Entity[],
  call: CallContext,
): Promise<Gathered<OperationOwner, ExecutionSummary>> {
  const owners = entities
    .flatMap((entity) => placesOf(model, entity, 'operations'))
    .filter(({ origin }) => origin === LOCAL);
  const seen = new Set<string>();
  const { entries, silent } = await ask({ owners, clock, call, budget: LIST }, recentOf);
  const once = entries.filter(({ owner: { runtime }, entry: { key } }) => {
    const name = `${runtime} ${key}`;
    return !seen.has(name) && Boolean(seen.add(name));
  });
  return { entries: once.map(({ owner, entry: { summary } }) => ({ owner, entry: summary })), silent };
}

interface Found {
  /** Unique among the executions of the runtime. */
  readonly key: string;
  readonly summary: ExecutionSummary;
}

async function recentOf(owner: OperationOwner, call: CallContext): Promise<readonly Found[]> {
  const { entity, provider, nativeId } = owner;
  if (!provider.recent) return lookedAt(owner, call);
  const recent = await provider.recent(nativeId, call);
  return recent.map(({ operationId, name, execution }) => ({
    key: `${operationId} ${execution.id}`,
    summary: operationSummary(entity, name ?? operationId.replace(/^\//, ''), { execution }),
  }));
}

/**
 * Reads the executions of a runtime without a list of recent ones: asks every asynchronous operation, and reads each
 * execution.
 */
async function lookedAt(owner: OperationOwner, call: CallContext): Promise<readonly Found[]> {
  const { entity, provider, nativeId } = owner;
  const entries = await provider.list(nativeId, call);
  const named = namedOperations(
    entries.map((entry) => ({ owner, entry })),
    false,
  ).filter(({ entry }) => entry.asynchronous);
  const found = await Promise.all(
    named.map(async ({ id, entry }) => {
      const ids = (await provider.executions(nativeId, entry.id, call)).slice(0, MAX_LOOKED_AT);
      const looked = await Promise.allSettled(
        ids.map((execution) => provider.execution(nativeId, entry.id, execution, call)),
      );
      // An execution that was removed since the list was read is left out.
      return looked.flatMap((outcome) =>
        outcome.status === 'fulfilled'
          ? [
              {
                key: `${entry.shared ? '' : nativeId} ${entry.id} ${outcome.value.id}`,
                summary: operationSummary(entity, id, { execution: outcome.value }),
              },
            ]
          : [],
      );
    }),
  );
  return found.flat();
}
