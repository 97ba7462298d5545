import { callContext, errorMessage, type Log, type Model } from '@medkit/core';
import { type Clock, selectFairly, type Timer } from '@medkit/edges';
import { ask, LIST, type Owner, ownersOf } from '@medkit/entities';
import type { LiveTrigger } from '../live-trigger.ts';

/**
 * Interval of listing executions: a runtime tracks the executions of other clients only for a while after a request.
 */
const ROUND_MS = 20_000;
const CALL_TIMEOUT_MS = 5000;
/**
 * Maximum operations polled, shared fairly between the owners of triggers: each may need three clients and two
 * subscriptions in its runtime.
 */
const MAX_OPERATIONS = 48;

export interface OperationPollingOptions {
  readonly model: Model;
  readonly clock: Clock;
  readonly log: Log;
  readonly triggers: () => readonly LiveTrigger[];
}

/**
 * Lists the executions of the observed operations periodically. Runtimes track goals of other programs only after such
 * requests. Returns functions to ask immediately and to stop.
 */
export function pollOperations({ model, clock, log, triggers }: OperationPollingOptions): {
  ask(): void;
  close(): void;
} {
  let asking = false;
  let again = false;
  let saidTooMany = false;
  const closing = new AbortController();
  const call = () => callContext({ clock, timeoutMs: CALL_TIMEOUT_MS, signal: closing.signal });

  const askAll = async (): Promise<void> => {
    const owners = new Map<string, Owner<'operations'> & { readonly principal: string | undefined }>();
    for (const { record } of triggers()) {
      const entity = model.tree.get(record.entity.kind, record.entity.id);
      if (!entity) continue;
      for (const owner of ownersOf(model, entity, 'operations')) {
        const key = `${owner.runtime} ${owner.nativeId}`;
        owners.set(key, { ...owner, principal: owners.get(key)?.principal ?? record.owner });
      }
    }
    const question = { owners: [...owners.values()], clock, call: call(), budget: LIST };
    const { entries } = await ask(question, ({ provider, nativeId }, memberCall) =>
      provider.list(nativeId, memberCall),
    );
    const all = entries.filter(({ entry }) => entry.asynchronous);
    if (all.length > MAX_OPERATIONS && !saidTooMany) {
      saidTooMany = true;
      log(
        'warn',
        `Goals of other clients are observed for only ${MAX_OPERATIONS} of ${all.length} operations with triggers`,
      );
    }
    const lasting = selectFairly(all, MAX_OPERATIONS, ({ owner }) => owner.principal);
    await Promise.allSettled(
      lasting.map(({ owner, entry }) => owner.provider.executions(owner.nativeId, entry.id, call())),
    );
  };
  const listen = (): void => {
    again = asking;
    if (asking || closing.signal.aborted || triggers().length === 0) return;
    asking = true;
    askAll()
      .catch((error: unknown) => log('warn', `Operations with triggers cannot be observed: ${errorMessage(error)}`))
      .finally(() => {
        asking = false;
        // A trigger created since may observe another operation.
        if (again) listen();
      });
  };
  const round: Timer = clock.every(ROUND_MS, listen);
  return {
    ask: listen,
    close: () => {
      round.cancel();
      closing.abort();
    },
  };
}
