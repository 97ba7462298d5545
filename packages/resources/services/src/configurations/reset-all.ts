import type { ConfigurationDeleteMultiStatus, ConfigurationDeleteResultItem } from '@medkit/contract';
import { SovdError } from '@medkit/contract';
import type { CallContext, ConfigurationReset, Entity, NamedChange } from '@medkit/core';
import { type ConfigurationOwner, nodeOf } from './configuration-owner.ts';

/** Parameters whose reason is told in full; a node may have hundreds. */
const MAX_REASONS = 5;

/** Resets all owners at once. Gives what became of each where some of them has not its first values again. */
export async function resetAll(
  entity: Entity,
  owners: readonly ConfigurationOwner[],
  call: CallContext,
  changed?: (changes: readonly NamedChange[]) => void,
): Promise<ConfigurationDeleteMultiStatus | undefined> {
  const outcomes = await Promise.allSettled(owners.map(({ provider, nativeId }) => provider.resetAll(nativeId, call)));
  changed?.(owners.flatMap((owner, at) => changesOf(owner, outcomes[at], owners.length > 1)));
  const results = owners.map((owner, at) => resultOf(owner, outcomes[at]));
  return results.every(({ success }) => success) ? undefined : { entity_id: entity.id, results };
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
    // What is no SovdError was never meant for a client.
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
