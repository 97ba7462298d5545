import type { Model, RuntimeHealth } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { DataService } from '@medkit/entities';
import type { EventStream } from '../sse/event-stream.ts';
import type { EventStreams } from '../sse/event-streams.ts';
import { type Revisions, revisions } from './followed-value.ts';
import { LiveGroup, type SentTree } from './live-group.ts';
import { LiveNewsHub, type LiveNewsSources } from './live-news.ts';
import { LiveValues, type RemoteValues } from './live-values.ts';
import { type LiveParameters, parseLiveParameters } from './watch-list.ts';

/** A stream without events for this time gets a comment: clients soon notice a gateway that stopped. */
const KEEP_ALIVE_MS = 1_000;

export interface LiveOptions {
  readonly model: Pick<Model, 'events' | 'onChange' | 'tree'>;
  readonly data: Pick<DataService, 'reading' | 'watch'>;
  readonly clock: Clock;
  readonly streams: EventStreams;
  readonly news: LiveNewsSources;
  /** Returns the ETag of the tree as clients see it. */
  readonly treeTag: () => string;
  /** Creates the source of values of peers; absent if the gateway has none. */
  readonly remote?: ((revisions: Revisions) => RemoteValues) | undefined;
}

/** Streams with many values of many entities. */
export interface Live {
  /** Throws `invalid-parameter`, and `service-unavailable` if there are too many streams. */
  open(query: Readonly<Record<string, string | undefined>>): EventStream;
  health(): RuntimeHealth;
}

export function openLive({ model, data, clock, streams, news: sources, treeTag, remote }: LiveOptions): Live {
  const counter = revisions();
  const values = new LiveValues({ model, data, clock, revisions: counter, remote: remote?.(counter) });
  const hub = new LiveNewsHub(sources);
  const rooms = new Map<string, { readonly room: LiveGroup; readonly close: () => void }>();

  /** The current tree, with the revision at which it was first sent. */
  let tree: (SentTree & { readonly etag: string }) | undefined;
  const treeNow = (): SentTree => {
    const etag = treeTag();
    if (tree?.etag !== etag) {
      tree = { etag, revision: counter.next(), event: { event: 'tree', data: JSON.stringify({ etag }) } };
    }
    return tree;
  };
  /** Calls `changed` after each change of the tree as clients see it. */
  const onTree = (changed: () => void): (() => void) => {
    let { revision } = treeNow();
    return model.onChange(() => {
      const now = treeNow();
      if (now.revision === revision) return;
      revision = now.revision;
      changed();
    });
  };

  const openRoom = ({ values: watched, intervalMs, news }: LiveParameters, key: string) => {
    const wantsTree = news.includes('tree');
    const room = new LiveGroup({ clock, revisions: counter, intervalMs, ...(wantsTree && { tree: treeNow }) });
    room.show(watched.map((each) => values.join(each, room)));
    const stops = [hub.follow(news, (frame) => room.send(frame)), ...(wantsTree ? [onTree(() => room.touch())] : [])];
    const close = (): void => {
      rooms.delete(key);
      for (const stop of stops) stop();
      for (const each of watched) values.leave(each, room);
    };
    const opened = { room, close };
    rooms.set(key, opened);
    return opened;
  };

  return {
    open: (query) => {
      const wish = parseLiveParameters(query);
      const stream = streams.open('live');
      const key = `${wish.intervalMs} ${wish.news.join()} ${wish.values.map(({ name }) => name).join()}`;
      const { room, close } = rooms.get(key) ?? openRoom(wish, key);
      if (wish.news.includes('tree')) treeNow();
      const leave = room.join(stream);
      const keepAlive = clock.every(KEEP_ALIVE_MS, () => stream.keepAlive());
      const left = (): void => {
        keepAlive.cancel();
        leave();
        if (room.isEmpty) close();
      };
      stream.signal.addEventListener('abort', left, { once: true });
      return stream;
    },
    health: () => {
      const { values: followed, items } = values.size;
      return { warnings: [], blocks: { 'x-medkit-live': { rooms: rooms.size, values: followed, items } } };
    },
  };
}
