import type { CoreEvents, EventBus, JsonValue } from '@medkit/core';
import type { ResourceSampler } from '@medkit/subscriptions';
import type { UpdateService } from './update-service.ts';

const STATUS = '/status';

/** Lets clients subscribe to the status of an update, `<id>/status`. Pushes every change. */
export function updateSampler(
  updates: Pick<UpdateService, 'status'>,
  events: Pick<EventBus<CoreEvents>, 'on'>,
): ResourceSampler {
  const idOf = (path: string): string => path.slice(0, -STATUS.length);
  return {
    path: 'required',
    sample: async (_entity, path, call) => ({ payload: (await updates.status(idOf(path), call)) as JsonValue }),
    watch: async (_entity, path, onSampled) => {
      const stop = events.on('update.changed', ({ updateId, status }) => {
        if (updateId === idOf(path)) void onSampled({ payload: status });
      });
      return { close: async () => stop() };
    },
  };
}
