import type { RuntimeHealth } from '@medkit/core';
import type { Random } from '@medkit/edges';
import type { EventStream } from '../sse/event-stream.ts';
import type { Revisions } from './followed-value.ts';
import type { Live, LiveOptions } from './open-live.ts';

/** The live streams of a gateway, whose code is loaded with the first of them. */
export interface GatewayLive {
  /** As `Live.open`. */
  open(query: Readonly<Record<string, string | undefined>>): Promise<EventStream>;
  /** Empty until the first stream was opened. */
  health(): RuntimeHealth;
}

export interface GatewayLiveOptions extends Omit<LiveOptions, 'remote'> {
  readonly random: Pick<Random, 'float'>;
  /** Whether the gateway has peers. */
  readonly showsOthers: boolean;
}

export function gatewayLive({ showsOthers, ...options }: GatewayLiveOptions): GatewayLive {
  let opened: Live | undefined;
  let opening: Promise<Live> | undefined;
  const load = async (): Promise<Live> => {
    const { openLive } = await import('./open-live.ts');
    const others = showsOthers ? await import('./peers/remote-values.ts') : undefined;
    const remote = others && ((revisions: Revisions) => others.remoteValues({ ...options, revisions }));
    opened = openLive({ ...options, remote });
    return opened;
  };
  return {
    open: async (query) => {
      opening ??= load();
      return (await opening).open(query);
    },
    health: () => opened?.health() ?? { warnings: [], blocks: {} },
  };
}
