import type { CyclicSubscriptionCreateRequest, CyclicSubscriptionUpdateRequest } from '@medkit/contract';
import type { SubscriptionService } from '@medkit/subscriptions';
import { Answer, done } from '../http/answer.ts';
import { EventReply } from '../http/event-reply.ts';
import type { Exchange, Handlers } from '../http/exchange.ts';
import type { EventStreams } from '../sse/event-streams.ts';
import { subscriptionStream } from './subscription-stream.ts';

type SubscriptionHandlers = Pick<
  Handlers,
  | 'listSubscriptions'
  | 'createSubscription'
  | 'getSubscription'
  | 'updateSubscription'
  | 'deleteSubscription'
  | 'streamSubscriptionEvents'
>;

/** The handlers of cyclic subscriptions, whose bodies are already validated. */
export function subscriptionHandlers(subscriptions: SubscriptionService, streams: EventStreams): SubscriptionHandlers {
  return {
    listSubscriptions: ({ kind, entityId, principal }) => subscriptions.list(kind, entityId, principal),
    createSubscription: async ({ kind, entityId, body, call, note }) => {
      const created = await subscriptions.create(kind, entityId, body as CyclicSubscriptionCreateRequest, call());
      note({ created: created.id });
      return new Answer(201, created);
    },
    getSubscription: ({ kind, entityId, path, principal }) => subscriptions.get(kind, entityId, idOf(path), principal),
    updateSubscription: ({ kind, entityId, path, body = {}, call }) =>
      subscriptions.update(kind, entityId, idOf(path), body as CyclicSubscriptionUpdateRequest, call()),
    deleteSubscription: ({ kind, entityId, path, call }) => {
      subscriptions.remove(kind, entityId, idOf(path), call());
      return done();
    },
    streamSubscriptionEvents: ({ kind, entityId, path, principal }) => {
      const id = idOf(path);
      return new EventReply(
        async () => subscriptionStream(streams, subscriptions.viewing(kind, entityId, id, principal)),
        () => subscriptions.isVisible(id, principal),
      );
    },
  };
}

function idOf(path: Exchange['path']): string {
  return path['subscription_id'] ?? '';
}
