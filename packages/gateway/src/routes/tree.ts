import { type ConditionalResource, TREE_EVENT } from '@medkit/contract';
import type { Entity, Model } from '@medkit/core';
import { treeSnapshot } from '@medkit/services';
import { EventReply } from '../http/event-reply.ts';
import type { Handlers } from '../http/exchange.ts';
import { treeTag } from '../http/page-cache.ts';
import { eventFrame } from '../sse/event-frame.ts';
import type { EventStreams } from '../sse/event-streams.ts';

/** The handlers of the tree as a whole. */
export function treeHandlers(
  model: Pick<Model, 'tree' | 'onChange'>,
  streams: EventStreams,
  { bootId, instance }: { readonly bootId: string; readonly instance: string },
  resourcesOf: (entity: Entity) => readonly ConditionalResource[],
): Pick<Handlers, 'getTree' | 'streamTree'> {
  const frame = () => {
    const etag = treeTag(bootId, model.tree.generation);
    return eventFrame({ event: TREE_EVENT, data: JSON.stringify({ etag }) });
  };
  return {
    getTree: () => treeSnapshot(model.tree, instance, resourcesOf),
    streamTree: () =>
      new EventReply(async () => {
        const stream = streams.open();
        stream.offer(frame());
        const leave = model.onChange(() => stream.offer(frame()));
        stream.signal.addEventListener('abort', leave, { once: true });
        return stream;
      }),
  };
}
