import type { TriggerCreateRequest, TriggerUpdateRequest } from '@medkit/contract';
import { LOCAL } from '@medkit/core';
import type { EventHistory, TriggerEvent, TriggerService } from '@medkit/triggers';
import { Answer, done } from '../http/answer.ts';
import { EventReply } from '../http/event-reply.ts';
import type { Handlers } from '../http/exchange.ts';
import type { EventFeed } from '../sse/event-feed.ts';

type TriggerHandlers = Pick<
  Handlers,
  | 'listTriggers'
  | 'listAllTriggers'
  | 'createTrigger'
  | 'getTrigger'
  | 'updateTrigger'
  | 'deleteTrigger'
  | 'streamTriggerEvents'
  | 'testTrigger'
>;

/** The handlers of triggers; `feedOf` returns the event feed of one. Bodies are already validated. */
export function triggerHandlers(
  triggers: TriggerService,
  feedOf: (history: EventHistory) => EventFeed<TriggerEvent>,
): TriggerHandlers {
  return {
    listTriggers: ({ kind, entityId, principal }) => triggers.list(kind, entityId, principal),
    listAllTriggers: ({ principal }) => triggers.listAll(principal),
    createTrigger: async ({ kind, entityId, body, call, note }) => {
      const trigger = await triggers.create(kind, entityId, body as TriggerCreateRequest, call());
      note({ created: trigger.id });
      return new Answer(201, trigger);
    },
    getTrigger: ({ kind, entityId, path, principal }) =>
      triggers.get(kind, entityId, path['trigger_id'] ?? '', principal),
    updateTrigger: ({ kind, entityId, path, body, call }) =>
      triggers.update(kind, entityId, path['trigger_id'] ?? '', body as TriggerUpdateRequest, call()),
    deleteTrigger: async ({ kind, entityId, path, call }) => {
      await triggers.remove(kind, entityId, path['trigger_id'] ?? '', call());
      return done();
    },
    streamTriggerEvents: ({ kind, entityId, path, principal }) => {
      const id = path['trigger_id'] ?? '';
      return new EventReply(
        async (seen) => {
          const history = await triggers.events(kind, entityId, id, seen?.get(LOCAL), principal);
          return feedOf(history).open(seen);
        },
        () => triggers.isVisible(id, principal),
      );
    },
    testTrigger: ({ kind, entityId, path, call }) => triggers.test(kind, entityId, path['trigger_id'] ?? '', call()),
  };
}
