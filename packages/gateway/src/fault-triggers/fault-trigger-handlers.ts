import type { FaultTriggerService } from '@medkit/faults';
import { Answer, done } from '../http/answer.ts';
import type { Handlers } from '../http/exchange.ts';
import { outsideScopes } from '../security/account-limit.ts';

type FaultTriggerHandlers = Pick<
  Handlers,
  'listFaultTriggers' | 'listAllFaultTriggers' | 'createFaultTrigger' | 'deleteFaultTrigger'
>;

/** The handlers of threshold rules. */
export function faultTriggerHandlers(triggers: FaultTriggerService): FaultTriggerHandlers {
  return {
    listFaultTriggers: ({ entityId, readable }) => {
      if (readable && !readable('data').get('app', entityId))
        throw outsideScopes(
          `A fault trigger has a value: the scopes of your account do not include data of ${entityId}`,
        );
      return triggers.list(entityId);
    },
    listAllFaultTriggers: async ({ visible, readable }) => {
      const all = await triggers.listAll();
      // A rule has the last value of its data.
      const data = readable?.('data');
      if (!visible || !data) return all;
      return { items: all.items.filter(({ app_id }) => visible.get('app', app_id) && data.get('app', app_id)) };
    },
    createFaultTrigger: async ({ entityId, body, call, note }) => {
      const trigger = await triggers.create(entityId, body, call());
      note({ created: trigger.id });
      return new Answer(201, trigger);
    },
    deleteFaultTrigger: async ({ entityId, path }) => {
      await triggers.remove(entityId, path['trigger_id'] ?? '');
      return done();
    },
  };
}
