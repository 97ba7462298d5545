import type { CoreEvents, EntityRef, EntityTree, JsonObject, Model } from '@medkit/core';
import { entitiesAt, entitiesOfLog, logItem } from '@medkit/entities';
import { entitiesOfFault, faultItem } from '@medkit/faults';
import type { LiveTrigger } from '../live-trigger.ts';
import { type Observation, observation } from '../observation.ts';
import type { TriggerLog } from '../trigger-log.ts';
import { observesEntity, observesRobot, type TriggerIndex } from './trigger-index.ts';

export interface EventSourceOptions {
  readonly model: Pick<Model, 'tree' | 'events'>;
  readonly index: TriggerIndex;
  readonly notes: Pick<TriggerLog, 'isOwn'>;
  readonly observe: (trigger: LiveTrigger, observed: Observation) => void;
}

/** An event in the form that triggers judge. */
interface ObservedEvent {
  readonly collection: string;
  /** The entities that it concerns. */
  readonly entities: readonly EntityRef[];
  /** The items of the collection that it concerns. Triggers on one of them or on the whole collection receive it. */
  readonly items: readonly string[];
  readonly observed: Observation;
}

/**
 * Feeds events of faults, logs, operations, updates and vendor collections to triggers. Returns a function that stops
 * it.
 */
export function startEventSource({ model, index, notes, observe }: EventSourceOptions): () => void {
  const { events } = model;
  const dispatch = ({ collection, entities, items, observed }: ObservedEvent): void => {
    for (const trigger of index.of(collection)) {
      const { item } = trigger.record;
      if (item !== '' && !items.includes(item)) continue;
      if (observesRobot(trigger) || entities.some((entity) => observesEntity(model.tree, trigger, entity)))
        observe(trigger, observed);
    }
  };
  /** Builds the event only if a trigger observes its collection; other events cost just this check. */
  const subscribe = <Name extends keyof CoreEvents>(
    name: Name,
    collectionOf: (event: CoreEvents[Name]) => string | undefined,
    observedEvent: (event: CoreEvents[Name], tree: EntityTree) => Omit<ObservedEvent, 'collection'>,
  ): (() => void) =>
    events.on(name, (event) => {
      const collection = collectionOf(event);
      if (collection !== undefined && index.has(collection))
        dispatch({ collection, ...observedEvent(event, model.tree) });
    });
  const stops = [
    subscribe('fault.event', () => 'faults', faultEvent),
    subscribe('operation.changed', () => 'operations', operationEvent),
    subscribe('update.changed', () => 'updates', updateEvent),
    subscribe(
      'resource.changed',
      ({ collection }) => collection,
      ({ entity, path, value }) => ({
        entities: [entity],
        items: [path],
        observed: observation({ source: `${entity.kind}/${entity.id}/${path}`, value }),
      }),
    ),
    subscribe('log.added', ({ entry }) => (notes.isOwn(entry.message) ? undefined : 'logs'), logEvent),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function faultEvent({ event }: CoreEvents['fault.event'], tree: EntityTree): Omit<ObservedEvent, 'collection'> {
  const { type, fault } = event;
  return {
    entities: [...entitiesOfFault(tree, fault)],
    items: [fault.code],
    observed: observation({
      source: fault.code,
      value: { ...(faultItem(tree, fault) as JsonObject), event_type: type },
    }),
  };
}

/** A log entry is not compared with the previous one. */
function logEvent(added: CoreEvents['log.added'], tree: EntityTree): Omit<ObservedEvent, 'collection'> {
  return {
    entities: entitiesOfLog(tree, added),
    items: [],
    observed: observation({ source: '', value: logItem(added.entry) as JsonObject, alone: true }),
  };
}

/** An operation is named by its full name, by the last part of it, and by each of its executions. */
function operationEvent(
  { runtime, nativeId, operationId, executionId, status }: CoreEvents['operation.changed'],
  tree: EntityTree,
): Omit<ObservedEvent, 'collection'> {
  const entities = entitiesAt(tree, runtime, nativeId);
  const fullName = operationId.replace(/^\//, '');
  const names = [fullName, fullName.slice(fullName.lastIndexOf('/') + 1)];
  const named = [...names, ...entities.flatMap(({ id }) => names.map((name) => `${id}:${name}`))];
  return {
    entities,
    items: [executionId, ...named, ...named.map((name) => `${name}/executions/${executionId}`)],
    observed: observation({ source: executionId, value: { goal_id: executionId, action_path: operationId, status } }),
  };
}

function updateEvent(
  { updateId, status, updatedComponents }: CoreEvents['update.changed'],
  tree: EntityTree,
): Omit<ObservedEvent, 'collection'> {
  const refs = updatedComponents.flatMap((id) => tree.resolve('component', id) ?? tree.resolve('app', id) ?? []);
  return {
    entities: refs,
    items: [updateId, `${updateId}/status`],
    observed: observation({ source: updateId, value: status }),
  };
}
