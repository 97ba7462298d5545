import { createHash } from 'node:crypto';
import { TREE_EVENT } from '@medkit/contract';
import { type EntityTree, type Model, memoizeByObject, stringifyJson } from '@medkit/core';
import { treeSnapshot } from '@medkit/entities';
import type { ReadableEntities } from '../security/account-limit.ts';
import { eventFrame } from '../sse/event-frame.ts';
import type { EventStream } from '../sse/event-stream.ts';
import type { EventStreams } from '../sse/event-streams.ts';

/** Returns the ETag of a tree by its content: a generation would count the changes of invisible entities. */
export const visibleTreeTag = memoizeByObject((visible: EntityTree): string => {
  const text = stringifyJson(treeSnapshot(visible, '', () => []));
  return `"${createHash('sha256').update(text).digest('base64url')}"`;
});

export interface VisibleTreeOptions {
  readonly model: Pick<Model, 'onChange'>;
  readonly streams: EventStreams;
  readonly readable: ReadableEntities;
}

/** Opens a stream with the ETag of the entities that a client with scopes sees, after each change of them. */
export function streamVisibleTree({ model, streams, readable }: VisibleTreeOptions): EventStream {
  const stream = streams.open('entities');
  let sent: string | undefined;
  const send = (): void => {
    const etag = visibleTreeTag(readable());
    if (etag === sent) return;
    sent = etag;
    stream.offer(eventFrame({ event: TREE_EVENT, data: JSON.stringify({ etag }) }));
  };
  send();
  stream.signal.addEventListener('abort', model.onChange(send), { once: true });
  return stream;
}
