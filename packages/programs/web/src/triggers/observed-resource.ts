import type { EntityRef } from '@medkit/client';
import type { Trigger } from '@medkit/contract';
import { addressOf, KIND_OF_COLLECTION, pageOfHref } from '../routes/pages.ts';

/** Collections that a trigger can observe. Collections of plugins, `x-…`, are shown but not offered. */
export const COLLECTIONS = ['data', 'faults', 'logs', 'operations', 'updates'] as const;
export type Collection = (typeof COLLECTIONS)[number];

/** What a trigger observes. `entity` is `undefined` for an update of the whole robot. */
export interface Observed {
  readonly entity: EntityRef | undefined;
  readonly collection: string;
  /** The item of the collection, percent-decoded; empty for the whole collection. */
  readonly item: string;
}

const API = '/api/v1/';

/** Parses the address of an observed resource, or returns `undefined` if it is none. */
export function readObserved(resource: string): Observed | undefined {
  if (!resource.startsWith(API)) return undefined;
  const [first = '', ...rest] = resource.slice(API.length).split('/').map(decoded).filter(Boolean);
  if (!Object.hasOwn(KIND_OF_COLLECTION, first)) return { entity: undefined, collection: first, item: rest.join('/') };
  const [id = '', collection = '', ...item] = rest;
  return { entity: { kind: KIND_OF_COLLECTION[first]!, id }, collection, item: item.join('/') };
}

/** Returns the short name of a resource without its entity: `voltage`, `faults`, `operations/dock`. */
export function observedName({ collection, item }: Observed): string {
  if (item === '') return collection;
  return collection === 'data' ? item : `${collection}/${item}`;
}

/** Returns the address of a resource for a request: `/api/v1/apps/x/data/voltage`. */
export function observedResource({ entity, collection, item }: Observed & { readonly entity: EntityRef }): string {
  const path = item.replace(/^\/+/, '').toWellFormed();
  const below = path === '' ? collection : `${collection}/${path.split('/').map(encodeURIComponent).join('/')}`;
  return `/api/v1${addressOf('entity', entity)}/${below}`;
}

/** Returns the page of an observed resource: its item, its collection or its entity. */
export function pageOfObserved({ entity, collection, item }: Observed): string | undefined {
  if (!entity) return undefined;
  const base = `/api/v1${addressOf('entity', entity)}`;
  const page = item === '' ? undefined : pageOfHref(`${base}/${collection}/${encodeURIComponent(item.toWellFormed())}`);
  return page ?? pageOfHref(`${base}/${collection}`) ?? addressOf('entity', entity);
}

/** Returns the entity of a trigger, from the address of its events. */
export function entityOfTrigger({ event_source }: Pick<Trigger, 'event_source'>): EntityRef | undefined {
  return readObserved(event_source)?.entity;
}

/** Returns the page of a trigger. */
export function pageOfTrigger(trigger: Pick<Trigger, 'id' | 'event_source'>): string | undefined {
  const entity = entityOfTrigger(trigger);
  return entity && addressOf('trigger', { ...entity, trigger: trigger.id });
}

/** A resource may contain malformed percent-encoding, which is then shown unchanged. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
