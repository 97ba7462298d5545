import type { Incident } from '@medkit/contract';
import { ENTITY_KINDS, type EntityTree } from '@medkit/core';
import { RECEIVER_KINDS } from '../kinds/receiver-kinds.ts';
import { FINAL_KINDS, type NotificationKind } from '../message/notification.ts';
import type { Receiver, Route } from '../receiver/receiver.ts';
import { type IncidentPlaces, NO_PLACES } from './incident-places.ts';

/** Returns whether the incident concerns the entity or one of its descendants. */
export type BelongsTo = (incident: Incident, entityId: string) => boolean;

/** Returns such a check that uses the current entity tree. */
export function belongsToEntity(tree: () => EntityTree): BelongsTo {
  return ({ entity_id }, wanted) => {
    if (entity_id == null) return false;
    if (entity_id === wanted) return true;
    const here = tree();
    return ENTITY_KINDS.some((kind) => {
      const entity = here.resolve(kind, wanted);
      return entity !== undefined && here.members(entity).some(({ id }) => id === entity_id);
    });
  };
}

/** Returns whether a receiver is notified of an incident in its current state. */
export function matchesRoute(
  { leastSeverity, entities, sites, groups }: Pick<Route, 'entities' | 'groups' | 'leastSeverity' | 'sites'>,
  incident: Incident,
  belongsTo: BelongsTo,
  places: IncidentPlaces = NO_PLACES,
): boolean {
  if (incident.severity < leastSeverity || places.isCovered(incident)) return false;
  if (sites.length + groups.length > 0) {
    const there = places.of(incident);
    if (!sites.some((site) => there.sites.includes(site)) && !groups.some((group) => there.groups.includes(group)))
      return false;
  }
  return entities.length === 0 || entities.some((id) => belongsTo(incident, id));
}

/** Returns whether a receiver is sent a kind of notification: not every receiver wants the end of an incident. */
export function wantsNews(receiver: Receiver, news: NotificationKind): boolean {
  return !FINAL_KINDS.has(news) || receiver.notifiesHealed || RECEIVER_KINDS[receiver.type].keepsAlerts === true;
}
