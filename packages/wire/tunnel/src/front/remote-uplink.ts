import type { ClientHttp2Session } from 'node:http2';
import type { HubUplink } from '../hub-end.ts';
import { streamDialler } from '../session/stream-dialler.ts';
import type { FromHub, FromStandby } from './front-messages.ts';

/** The uplink of a robot whose connection a standby holds. */
export interface RemoteUplink extends HubUplink {
  /** Notes the end of the uplink at the standby, or that of the link. */
  finish(reason: string): void;
}

interface Link {
  readonly session: ClientHttp2Session;
  readonly send: (message: FromHub) => void;
}

/** Returns the uplink that a standby has announced. */
export function remoteUplink(
  { id, fingerprint, hello, welcome }: FromStandby & { readonly type: 'open' },
  { session, send }: Link,
): RemoteUplink {
  const { promise, resolve } = Promise.withResolvers<string>();
  const streams = streamDialler(session);
  let isFinished = false;
  const finish = (reason: string): void => {
    if (isFinished) return;
    isFinished = true;
    streams.cut();
    resolve(reason);
  };
  return {
    kind: 'open',
    ...{ fingerprint, hello, welcome, wentBack: false, ended: promise },
    dial: (authority) => {
      const dial = streams.dial(`${id}.${authority}`);
      const open = (...parameters: Parameters<typeof dial>) => {
        if (!isFinished) return dial(...parameters);
        process.nextTick(parameters[1], new Error('the robot is not connected'), null);
        return undefined;
      };
      return open as typeof dial;
    },
    end: (farewell) => {
      if (!isFinished) send({ type: 'end', id, farewell });
    },
    destroy: () => {
      if (isFinished) return;
      send({ type: 'destroy', id });
      finish('the hub closed the connection');
    },
    finish,
  };
}
