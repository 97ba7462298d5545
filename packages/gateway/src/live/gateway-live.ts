import type { EntityLimits, Model, RuntimeHealth } from '@medkit/core';
import type { Random } from '@medkit/edges';
import type { ObservedLogs } from '../fault-stream/observed-logs.ts';
import { EventReply } from '../http/event-reply.ts';
import type { Handlers } from '../http/exchange.ts';
import { treeTag } from '../http/page-cache.ts';
import type { EventStream } from '../sse/event-stream.ts';
import type { Revisions } from './followed-value.ts';
import type { Live, LiveOptions } from './open-live.ts';

/** The live streams of a gateway, whose code is loaded with the first of them. */
export interface GatewayLive {
  /** As `Live.open`; with `limits`, for an account with these scopes. */
  open(query: Readonly<Record<string, string | undefined>>, limits?: EntityLimits): Promise<EventStream>;
  /** Empty until the first stream was opened. */
  health(): RuntimeHealth;
}

/** The handler of live streams. */
export const liveHandlers = (live: GatewayLive): Pick<Handlers, 'streamLive'> => ({
  streamLive: ({ query, principal }) => new EventReply(() => live.open(query, principal.entityScopes)),
});

/** The live streams of accounts with scopes. */
export interface ScopedLive {
  /** As `Live.open`, with the values and news of the entities that a client with these limits sees. */
  open(limits: EntityLimits, query: Readonly<Record<string, string | undefined>>): EventStream;
}

export interface GatewayLiveOptions extends Omit<LiveOptions, 'model' | 'news' | 'remote' | 'treeTag'> {
  readonly model: Model;
  readonly observed: ObservedLogs;
  readonly bootId: string;
  /** Loads the streams of accounts with scopes. */
  readonly openScoped: (
    options: Pick<LiveOptions, 'clock' | 'data' | 'remote' | 'streams'> & { readonly model: Model },
  ) => Promise<ScopedLive>;
  readonly random: Pick<Random, 'float'>;
  /** Whether the gateway has peers. */
  readonly showsOthers: boolean;
}

export function gatewayLive({ showsOthers, ...options }: GatewayLiveOptions): GatewayLive {
  const { model, bootId } = options;
  let opened: Live | undefined;
  let opening: Promise<Live> | undefined;
  let scoped: Promise<ScopedLive> | undefined;
  const remoteOf = async () => {
    const others = showsOthers ? await import('./peers/remote-values.ts') : undefined;
    return others && ((revisions: Revisions) => others.remoteValues({ ...options, revisions }));
  };
  const load = async (): Promise<Live> => {
    const { openLive } = await import('./open-live.ts');
    const { gatewayNews } = await import('./live-news.ts');
    const treeTagNow = () => treeTag(bootId, model.tree.generation);
    opened = openLive({ ...options, treeTag: treeTagNow, news: gatewayNews(options), remote: await remoteOf() });
    return opened;
  };
  return {
    open: async (query, limits) => {
      if (limits) {
        scoped ??= remoteOf().then((remote) => options.openScoped({ ...options, remote }));
        return (await scoped).open(limits, query);
      }
      opening ??= load();
      return (await opening).open(query);
    },
    health: () => opened?.health() ?? { warnings: [], blocks: {} },
  };
}
