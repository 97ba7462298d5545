import type { ConfigurationDeleteMultiStatus, ConfigurationDeleteResultItem } from '@medkit/contract';
import { SovdError } from '@medkit/contract';
import type { App, ConfigurationReset, Entity, NamedChange } from '@medkit/core';
import { CHANGE, callsWithBudget, LIST, type OwnerQuery } from '../members/ask.ts';
import { type ConfigurationObserver, type ConfigurationOwner, nodeOf } from './configuration-owner.ts';

/** Maximum parameters listed with their error; a node may have hundreds. */
const MAX_REASONS = 5;

/** The nodes of an entity and the deadline of the call. */
export interface NodesToReset extends Omit<OwnerQuery<ConfigurationOwner>, 'budget'> {
  /** Apps at other gateways, which this gateway does not reset. */
  readonly remote: readonly App[];
  readonly observer?: Pick<ConfigurationObserver, 'written'> | undefined;
}

/**
 * Resets all owners concurrently. If there are several, each has only its part of the deadline. Returns the result of
 * each owner if any was not reset completely.
 */
export async function resetAll(
  entity: Entity,
  { owners, remote, clock, call, observer }: NodesToReset,
  changed?: (changes: readonly NamedChange[]) => void,
): Promise<ConfigurationDeleteMultiStatus | undefined> {
  const callOf = callsWithBudget({ owners, clock, call, budget: owners.length > 1 ? CHANGE : LIST });
  const outcomes = await Promise.allSettled(
    owners.map(async (owner) => {
      const reset = await owner.provider.resetAll(owner.nativeId, callOf(owner));
      observer?.written(owner.entity, reset.changed ?? []);
      return reset;
    }),
  );
  changed?.(owners.flatMap((owner, at) => changesOf(owner, outcomes[at], owners.length + remote.length > 1)));
  const results = [...owners.map((owner, at) => resultOf(owner, outcomes[at])), ...remote.map(notReset)];
  return results.every(({ success }) => success) ? undefined : { entity_id: entity.id, results };
}

function notReset({ id, node = id, origin }: App): ConfigurationDeleteResultItem {
  const error = `It belongs to the gateway ${origin}: reset it there with DELETE /apps/${id}/configurations`;
  return { node, app_id: id, success: false, error };
}

function changesOf(
  { entity }: ConfigurationOwner,
  outcome: PromiseSettledResult<ConfigurationReset> | undefined,
  isOneOfMany: boolean,
): readonly NamedChange[] {
  const changes = (outcome?.status === 'fulfilled' && outcome.value.changed) || [];
  return isOneOfMany ? changes.map((change) => ({ ...change, name: `${entity.id}:${change.name}` })) : changes;
}

function resultOf(
  owner: ConfigurationOwner,
  outcome: PromiseSettledResult<ConfigurationReset> | undefined,
): ConfigurationDeleteResultItem {
  const node = nodeOf(owner);
  const about = { node, app_id: owner.entity.id };
  if (outcome?.status !== 'fulfilled') {
    // Errors other than `SovdError` are internal and not shown to clients.
    const error = outcome?.reason instanceof SovdError ? outcome.reason.message : 'Failed to reset parameters';
    return { ...about, success: false, error };
  }
  const { resetCount, failed } = outcome.value;
  const counts = { node_name: node, reset_count: resetCount, failed_count: failed.length };
  if (failed.length === 0) return { ...about, success: true, details: counts };
  return {
    ...about,
    success: false,
    error: sentence(outcome.value),
    details: { ...counts, failed_parameters: failed.map(({ name }) => name) },
  };
}

function sentence({ resetCount, failed }: ConfigurationReset): string {
  const reasons = failed.slice(0, MAX_REASONS).map(({ reason }) => reason);
  const rest = failed.length > MAX_REASONS ? '; …' : '';
  return `${failed.length} of ${resetCount + failed.length} parameters could not be reset: ${reasons.join('; ')}${rest}`;
}
