import type { ObservedChange } from '@medkit/contract';
import type { ConfigurationChanged, EntityTree } from '@medkit/core';
import { HIDDEN_VALUE, isSecretName } from '../configurations/secret-values.ts';
import { entitiesAt } from '../members/owners.ts';
import { isoTime } from '../values/iso-time.ts';
import { type AuditEntry, OBSERVED_CODE, OBSERVED_TRANSITION } from './audit-entry.ts';
import { detailsOf } from './record-details.ts';

/** Characters of what a runtime calls an entity, and of a value, in a record at most. */
const MAX_TEXT = 256;

/** A change that was seen as everybody may see it, with the entity that it belongs to. */
export function observedChange(tree: EntityTree, change: ConfigurationChanged): ObservedChange {
  const { runtime, nativeId, name, from, to, count, lastNs } = change;
  const [entity] = entitiesAt(tree, runtime, nativeId);
  const shown = (text: string): string =>
    name !== undefined && isSecretName(name) ? HIDDEN_VALUE : text.slice(0, MAX_TEXT);
  return {
    ...(entity && { entity_type: entity.kind, entity_id: entity.id }),
    collection: 'configurations',
    node: nativeId.slice(0, MAX_TEXT),
    ...(name !== undefined && { item: name.slice(0, MAX_TEXT) }),
    ...(from !== undefined && { from: shown(from) }),
    ...(to !== undefined && { to: shown(to) }),
    count,
    ...(count > 1 && { until: isoTime(lastNs) }),
  };
}

/** A change that was seen as a record of the audit log: its description is JSON of all of it. */
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

/** The change of a record that `observedEntry` made. A description that was tampered with shows as nothing but that. */
export function observedOf({ sourceId, description }: Pick<AuditEntry, 'description' | 'sourceId'>): ObservedChange {
  return { collection: '', count: 0, ...detailsOf(description), node: sourceId };
}
