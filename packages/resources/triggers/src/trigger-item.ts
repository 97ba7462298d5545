import { entityHref, type Trigger as TriggerItem } from '@medkit/contract';
import type { EntityTree } from '@medkit/core';
import { dormancy, type Observed, type OwnerProblem, publicOwner } from '@medkit/entities';
import { isActive, type LiveTrigger } from './live-trigger.ts';
import { type TriggerRecord, triggerId } from './trigger.ts';

/** Returns the path of a trigger. */
export function triggerHref(record: Pick<TriggerRecord, 'entity' | 'number'>): string {
  const { kind, id } = record.entity;
  return `${entityHref(kind, id, 'triggers')}/${triggerId(record)}`;
}

/** Returns what a trigger observes. */
export const observedBy = ({ entity, collection }: Pick<TriggerRecord, 'entity' | 'collection'>): Observed => ({
  by: 'triggers',
  entity,
  collection,
});

/**
 * Converts a trigger to the form that the API returns. It hides the webhook's signing key, its headers, and its URL
 * beyond the host.
 */
export function triggerItem(tree: EntityTree, trigger: LiveTrigger, ownerProblem: OwnerProblem): TriggerItem {
  const { record, history, lastEventId } = trigger;
  const suspended = record.owner === undefined ? undefined : ownerProblem(record.owner, observedBy(record));
  const problem = suspended ?? dormancy(tree, record.entity) ?? trigger.problem;
  const owner = publicOwner(record.owner);
  const { condition, lifetimeSec, pointer, logSettings, expiresMs, webhook } = record;
  const last = history.newest;
  return {
    id: triggerId(record),
    status: isActive(trigger) ? 'active' : 'terminated',
    observed_resource: record.resource,
    event_source: `${triggerHref(record)}/events`,
    protocol: record.protocol,
    trigger_condition: { condition_type: condition.type, ...condition.parameters },
    multishot: record.multishot,
    persistent: record.persistent,
    ...(lifetimeSec !== undefined && { lifetime: lifetimeSec }),
    ...(pointer !== '' && { path: pointer }),
    ...(logSettings && { log_settings: { ...logSettings } }),
    'x-medkit': {
      ...(owner !== undefined && { owner }),
      fired_total: lastEventId,
      ...(last && { last_fired: new Date(last.timeMs).toISOString() }),
      ...(expiresMs !== undefined && { expires: new Date(expiresMs).toISOString() }),
      ...(problem !== undefined && isActive(trigger) && { problem }),
      ...(webhook && { webhook: { origin: new URL(webhook.url).origin } }),
    },
  };
}
