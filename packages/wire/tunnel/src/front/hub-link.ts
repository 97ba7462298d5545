import { connect } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { Clock } from '@medkit/edges';
import type { HubRecord } from '../handshake/hub-handshake.ts';
import type { HubUplink } from '../hub-end.ts';
import type { Identity } from '../identity/identity.ts';
import { relayStream } from '../stream/relay-stream.ts';
import { controlStream } from './control-stream.ts';
import { decodeFromStandby, type FromHub, type FromStandby } from './front-messages.ts';
import { answerQuestions } from './front-record.ts';
import { CONTROL, LINK_OPTIONS, LINK_SETTINGS, LINK_WINDOW_BYTES, watchLink } from './link-session.ts';
import { type RemoteUplink, remoteUplink } from './remote-uplink.ts';

/** Facts of an uplink that a standby announces. */
export interface AnnouncedUplink {
  readonly address: string;
  /** The robot connected before this link: it may have a newer uplink, or its key was revoked since. */
  readonly isHeld: boolean;
}

export interface HubLinkOptions {
  readonly identity: Identity;
  /** Maximum uplinks that the standby holds for this hub. */
  readonly max: number;
  /** Returns the decisions about one connection of a robot. */
  readonly record: (connection: { readonly address: string }) => HubRecord;
  readonly clock: Clock;
  readonly onOpen: (uplink: HubUplink, announced: AnnouncedUplink) => void;
  readonly onPing: (robot: string) => void;
  /** Called once, with the reason. */
  readonly onEnd: (reason: string) => void;
}

/** The link to a standby at the hub that serves. */
export interface HubLink {
  /** Number of uplinks that the standby holds. */
  readonly size: number;
  /** Closes the link. The standby retains its uplinks for the next hub. */
  close(): void;
}

/** Opens the hub's end of a link, over a connection on which both ends have proven the secret. */
export function openHubLink(stream: Duplex, options: HubLinkOptions): HubLink {
  const { identity, max, record, clock, onOpen, onPing, onEnd } = options;
  const uplinks = new Map<number, RemoteUplink>();
  let reason = 'the connection between the hubs was lost';
  const session = connect('http://standby', {
    ...LINK_OPTIONS,
    settings: { enablePush: false, initialWindowSize: LINK_SETTINGS.initialWindowSize },
    createConnection: () => relayStream(stream),
  });
  const fail = (problem: string): void => {
    if (session.destroyed) return;
    reason = problem;
    session.destroy();
  };
  session.on('error', ({ message }) => {
    reason = message;
  });
  session.once('connect', () => {
    if (!session.destroyed) session.setLocalWindowSize(LINK_WINDOW_BYTES);
  });
  session.once('close', () => {
    stream.destroy();
    for (const uplink of uplinks.values()) uplink.finish(reason);
    uplinks.clear();
    onEnd(reason);
  });
  watchLink(session, clock, () => fail('the other hub does not answer'));
  const request = session.request({ ':method': 'CONNECT', ':authority': CONTROL });
  request.once('close', () => fail(reason));
  const control = controlStream<FromHub>(request, {
    onLine: (line) => receive(decodeFromStandby(line)),
    onProblem: fail,
  });
  const answer = answerQuestions({ record, clock, answer: control.send });
  const open = (message: FromStandby & { readonly type: 'open' }): void => {
    const { id, address, held } = message;
    if (uplinks.has(id)) throw new Error(`the uplink ${id} is open already`);
    const uplink = remoteUplink(message, { session, send: control.send });
    if (uplinks.size >= max) {
      uplink.destroy();
      return;
    }
    uplinks.set(id, uplink);
    void uplink.ended.then(() => uplinks.delete(id));
    onOpen(uplink, { address, isHeld: held });
  };
  const receive = (message: FromStandby): void => {
    switch (message.type) {
      case 'ask':
        answer(message);
        break;
      case 'open':
        open(message);
        break;
      // This hub may have ended the uplink meanwhile.
      case 'ended':
        uplinks.get(message.id)?.finish(message.reason);
        break;
      case 'pings':
        for (const id of message.ids) {
          const uplink = uplinks.get(id);
          if (uplink) onPing(uplink.welcome.robot);
        }
    }
  };
  control.send({ type: 'hub', key: identity.key, max });
  return {
    get size() {
      return uplinks.size;
    },
    close: () => fail('this hub stops'),
  };
}
