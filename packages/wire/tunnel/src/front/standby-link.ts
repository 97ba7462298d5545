import { performServerHandshake, type ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { type Clock, within } from '@medkit/edges';
import type { HubRecord } from '../handshake/hub-handshake.ts';
import { type Identity, identityFrom } from '../identity/identity.ts';
import { AUTHORITIES } from '../session/authorities.ts';
import { relayStream } from '../stream/relay-stream.ts';
import { controlStream } from './control-stream.ts';
import { decodeFromFrontHub, type FromHub, type FromStandby } from './front-messages.ts';
import { frontRecord } from './front-record.ts';
import type { HeldUplink, HeldUplinks } from './held-uplinks.ts';
import { CONTROL, LINK_OPTIONS, LINK_SETTINGS, LINK_WINDOW_BYTES, watchLink } from './link-session.ts';

/** Time for the first message of the hub. */
const FIRST_MESSAGE_MS = 5000;

/** The link to the hub that serves, at a standby. */
export interface StandbyLink {
  /** The identity of the hub, with which this process accepts robots. */
  readonly identity: Identity;
  /** Maximum uplinks that this process may hold for the hub. */
  readonly max: number;
  /** Returns the decisions of the hub about one connection of a robot. */
  record(connection: { readonly address: string }): HubRecord;
  /** Resolves with the reason when the link has ended. */
  readonly ended: Promise<string>;
  destroy(): void;
}

interface StandbyLinkOptions {
  readonly held: HeldUplinks;
  readonly clock: Clock;
}

/**
 * Opens the standby's end of a link, over a connection on which both ends have proven the secret: announces the held uplinks,
 * and lets the hub use them. Throws an `Error` if the hub does not begin.
 */
export async function openStandbyLink(stream: Duplex, { held, clock }: StandbyLinkOptions): Promise<StandbyLink> {
  const session = performServerHandshake(relayStream(stream), { ...LINK_OPTIONS, settings: LINK_SETTINGS });
  session.setLocalWindowSize(LINK_WINDOW_BYTES);
  const firstMessage = Promise.withResolvers<FromHub & { readonly type: 'hub' }>();
  const ended = Promise.withResolvers<string>();
  let reason = 'the connection between the hubs was lost';
  let send: (message: FromStandby) => void = () => undefined;
  const questions = frontRecord({ send: (message) => send(message) });
  const fail = (problem: string): void => {
    if (session.destroyed) return;
    reason = problem;
    session.destroy();
  };
  let stopAnnouncing = (): void => undefined;
  session.on('error', ({ message }) => {
    reason = message;
  });
  session.once('close', () => {
    stream.destroy();
    stopAnnouncing();
    questions.close(reason);
    firstMessage.reject(new Error(reason));
    ended.resolve(reason);
  });
  watchLink(session, clock, () => fail('the other hub does not answer'));
  const receive = (message: FromHub): void => {
    switch (message.type) {
      case 'hub':
        firstMessage.resolve(message);
        break;
      case 'answer':
        questions.answered(message);
        break;
      // The robot may have left meanwhile.
      case 'end':
        held.get(message.id)?.uplink.end(message.farewell);
        break;
      case 'destroy':
        held.get(message.id)?.uplink.destroy();
    }
  };
  let hasControl = false;
  const openControl = (opened: ServerHttp2Stream): void => {
    hasControl = true;
    opened.respond({ ':status': 200 });
    opened.once('close', () => fail(reason));
    const control = controlStream<FromStandby>(opened, {
      onLine: (line) => receive(decodeFromFrontHub(line)),
      onProblem: fail,
    });
    send = control.send;
    stopAnnouncing = held.announceTo(control.send, () => control.isBlocked);
  };
  session.on('stream', (opened, headers) => {
    opened.on('error', () => undefined);
    if (opened.destroyed || opened.closed) return;
    const destination = headers[':method'] === 'CONNECT' ? String(headers[':authority']) : '';
    if (destination === CONTROL && !hasControl) openControl(opened);
    else serveRobot(opened, destination, held);
  });
  try {
    const { key, max } = await within(clock, FIRST_MESSAGE_MS, firstMessage.promise, late);
    return {
      ...{ identity: identityFrom(key), max, record: questions.record, ended: ended.promise },
      destroy: () => fail('this standby stops'),
    };
  } catch (error) {
    fail('the hub does not begin');
    throw error;
  }
}

function late(): never {
  throw new Error('the hub that serves does not begin');
}

/** Joins a stream of the hub with one to the robot. */
function serveRobot(stream: ServerHttp2Stream, destination: string, held: HeldUplinks): void {
  const [id = '', name] = destination.split('.');
  const authority = AUTHORITIES.find((known) => known === name);
  const entry: HeldUplink | undefined = authority && held.get(Number(id));
  if (!authority || !entry) {
    stream.respond({ ':status': 404 }, { endStream: true });
    stream.resume();
    return;
  }
  let isConnected = false;
  const dial = entry.uplink.dial(authority);
  const opening = dial({} as Parameters<typeof dial>[0], (error, robot) => {
    if (stream.destroyed || stream.closed) return void robot?.destroy();
    if (error || !robot) {
      stream.respond({ ':status': 503 }, { endStream: true });
      return void stream.resume();
    }
    isConnected = true;
    stream.respond({ ':status': 200 });
    join(stream, robot);
  });
  // A stream that the hub cancels, before the robot has answered.
  stream.once('close', () => {
    if (!isConnected) (opening as unknown as Duplex | undefined)?.destroy();
  });
}

function join(hub: Duplex, robot: Duplex): void {
  for (const [from, to] of [
    [hub, robot],
    [robot, hub],
  ] as const) {
    from.on('error', () => to.destroy());
    from.once('close', () => {
      if (!from.readableEnded) to.destroy();
    });
    from.pipe(to);
  }
}
