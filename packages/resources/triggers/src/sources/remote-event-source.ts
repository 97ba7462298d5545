import type { EntityRef, FaultStreamEventType, JsonObject, Model, Origin } from '@medkit/core';
import type { LiveTrigger } from '../live-trigger.ts';
import { type Observation, observation } from '../observation.ts';
import { observesEntity, type TriggerIndex } from './trigger-index.ts';

/** A fault event of another gateway, with the names of this tree. */
export interface RemoteFault {
  readonly origin: Origin;
  /** The entity of the fault. */
  readonly entity: EntityRef;
  /** The fault as in lists. */
  readonly item: JsonObject;
  readonly news: readonly FaultStreamEventType[];
}

/** Source of fault events of other gateways. */
export interface RemoteFaultSource {
  /** Calls `onFault` for every event. Returns a function that stops it. */
  listen(onFault: (fault: RemoteFault) => void): () => void;
}

export interface RemoteEventSourceOptions {
  readonly model: Pick<Model, 'tree'>;
  readonly index: TriggerIndex;
  readonly faults: RemoteFaultSource;
  readonly observe: (trigger: LiveTrigger, observed: Observation) => void;
}

/**
 * Feeds fault events of other gateways to triggers on entities that several gateways share. Subscribes to other
 * gateways only while there is such a trigger. An app belongs to one gateway, which stores its triggers.
 */
export function remoteEventSource({ model, index, faults, observe }: RemoteEventSourceOptions) {
  let stop: (() => void) | undefined;
  const triggers = (): readonly LiveTrigger[] =>
    index.of('faults').filter(({ record }) => record.entity.kind !== 'app');
  const dispatch = ({ origin, entity, item, news }: RemoteFault): void => {
    const code = String(item['fault_code']);
    for (const trigger of triggers()) {
      const { item: wanted } = trigger.record;
      if ((wanted !== '' && wanted !== code) || !observesEntity(model.tree, trigger, entity)) continue;
      for (const event_type of news) {
        observe(trigger, observation({ source: `${origin} ${code}`, value: { ...item, event_type } }));
      }
    }
  };
  const close = (): void => {
    stop?.();
    stop = undefined;
  };
  return {
    /** Called whenever the set of triggers changes. */
    update: (): void => {
      if (triggers().length === 0) close();
      else stop ??= faults.listen(dispatch);
    },
    close,
  };
}
