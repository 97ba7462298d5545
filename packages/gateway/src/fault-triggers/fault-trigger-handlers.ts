import type { FaultTriggerService } from '@medkit/faults';
import { Answer, done } from '../http/answer.ts';
import type { Handlers } from '../http/exchange.ts';

type FaultTriggerHandlers = Pick<
  Handlers,
  'listFaultTriggers' | 'listAllFaultTriggers' | 'createFaultTrigger' | 'deleteFaultTrigger'
>;

/** The handlers of threshold rules. */
export function faultTriggerHandlers(triggers: FaultTriggerService): FaultTriggerHandlers {
  return {
    listFaultTriggers: ({ entityId }) => triggers.list(entityId),
    listAllFaultTriggers: () => triggers.listAll(),
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
