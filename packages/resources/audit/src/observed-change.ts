import type { ObservedChange } from '@medkit/contract';
import type { ConfigurationChanged, EntityTree } from '@medkit/core';
import { entitiesAt, HIDDEN_VALUE, isoTime, isSecretName } from '@medkit/entities';
import { type AuditEntry, OBSERVED_CODE, OBSERVED_TRANSITION } from './audit-entry.ts';
import { detailsOf } from './record-details.ts';

/** Maximum characters of a native id and of a value in a record. */
const MAX_TEXT = 256;

/**
 * Converts a configuration change to its public form: with the entity that it belongs to, and with secret values
 * hidden.
 */
export function observedChange(tree: EntityTree, change: ConfigurationChanged): ObservedChange {
  const { runtime, nativeId, name, from, to, count, lastNs } = change;
  const [entity] = entitiesAt(tree, runtime, nativeId);
  const visible = (text: string): string =>
    name !== undefined && isSecretName(name) ? HIDDEN_VALUE : text.slice(0, MAX_TEXT);
  return {
    ...(entity && { entity_type: entity.kind, entity_id: entity.id }),
    collection: 'configurations',
    node: nativeId.slice(0, MAX_TEXT),
    ...(name !== undefined && { item: name.slice(0, MAX_TEXT) }),
    ...(from !== undefined && { from: visible(from) }),
    ...(to !== undefined && { to: visible(to) }),
    count,
    ...(count > 1 && { until: isoTime(lastNs) }),
  };
}

/** Creates an audit record from an observed change. Its description is the change as JSON. */
export function observedEntry(tree: EntityTree, change: ConfigurationChanged): Omit<AuditEntry, 'seq' | 'hash'> {
  const observed = observedChange(tree, change);
  return {
    occurredAtNs: change.firstNs,
    faultCode: OBSERVED_CODE,
    transition: OBSERVED_TRANSITION,
    severity: 0,
    status: 'OBSERVED',
    sourceId: observed.node,
    description: JSON.stringify(observed),
  };
}

/** Parses the change from a record of `observedEntry`. A description that was tampered with gives an empty change. */
export function parseObservedChange({
  sourceId,
  description,
}: Pick<AuditEntry, 'description' | 'sourceId'>): ObservedChange {
  return { collection: '', count: 0, ...detailsOf(description), node: sourceId };
}
