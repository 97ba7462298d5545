import type { EntityRef, FaultNews, JsonObject, Model, Origin } from '@medkit/core';
import type { LiveTrigger } from '../live-trigger.ts';
import { type Observation, observation } from '../observation.ts';
import { hears, type TriggerIndex } from './hearing.ts';

/** Something that happened to a fault at another gateway, in the names of this tree. */
export interface FaultElsewhere {
  readonly origin: Origin;
  /** Whose fault it is. */
  readonly entity: EntityRef;
  /** The fault as lists have it. */
  readonly item: JsonObject;
  readonly news: readonly FaultNews[];
}

/** What happens to faults at other gateways. */
export interface FaultsElsewhere {
  /** From now on, until the function that is given back is called. */
  listen(onFault: (fault: FaultElsewhere) => void): () => void;
}

export interface HearElsewhereOptions {
  readonly model: Pick<Model, 'tree'>;
  readonly index: TriggerIndex;
  readonly faults: FaultsElsewhere;
  readonly observe: (trigger: LiveTrigger, observed: Observation) => void;
}

/**
 * Lets triggers on the faults of what several gateways have in common hear of those of all of them. Other gateways are listened
 * to for as long as there is such a trigger. An app is one gateway's, whose triggers are kept there.
 */
export function hearElsewhere({ model, index, faults, observe }: HearElsewhereOptions) {
  let stop: (() => void) | undefined;
  const triggers = (): readonly LiveTrigger[] =>
    index.of('faults').filter(({ record }) => record.entity.kind !== 'app');
  const hear = ({ origin, entity, item, news }: FaultElsewhere): void => {
    const code = String(item['fault_code']);
    for (const trigger of triggers()) {
      const { item: wanted } = trigger.record;
      if ((wanted !== '' && wanted !== code) || !hears(model.tree, trigger, entity)) continue;
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
    /** To be called whenever there are other triggers. */
    look: (): void => {
      if (triggers().length === 0) close();
      else stop ??= faults.listen(hear);
    },
    close,
  };
}
