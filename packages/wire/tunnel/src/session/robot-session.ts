import { constants, performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { Clock } from '@medkit/edges';
import { decodeFarewell, refusedBy } from '../handshake/messages.ts';
import type { UplinkEnd } from '../handshake/uplink-end.ts';
import type { FilePace } from '../timing/file-pace.ts';
import { AUTHORITIES, type Authority, asSocket, HTTP2_OPTIONS, HTTP2_SETTINGS, MAX_STREAMS } from './authorities.ts';
import { pacedStream } from './paced-stream.ts';
import { type ClassedStream, FIRST_CLASSES, type TrafficMeter } from './traffic-meter.ts';

/**
 * Receives the connections that the hub opens. Each is a connection of HTTP/1.1: give it to a server with
 * `server.emit('connection', connection)`. An authority without a function is answered with 404.
 */
export type ServedAuthorities = { readonly [A in Authority]?: (connection: ClassedStream) => void };

interface RobotSessionOptions {
  readonly serve: ServedAuthorities;
  /** Pace of files. */
  readonly pace: FilePace;
  readonly clock: Clock;
  /** Counts the streams by class. */
  readonly meter?: Pick<TrafficMeter, 'attach'>;
  /** Returns for how many milliseconds at least files of a class wait; 0 to send them. */
  readonly holdMs?: ((trafficClass: number) => number) | undefined;
  /** Called when the pace needs a ping. */
  ping(): void;
  /** Called once, with the reason if the hub stated one. */
  onEnd(end: UplinkEnd): void;
}

/** Serves the streams that the hub opens. The robot opens none. */
export function robotSession(stream: Duplex, options: RobotSessionOptions): ServerHttp2Session {
  const session = performServerHandshake(stream, { ...HTTP2_OPTIONS, settings: HTTP2_SETTINGS });
  let end: UplinkEnd | undefined;
  let open = 0;
  session.on('error', ({ message }) => {
    end ??= { kind: 'lost', reason: message };
  });
  session.on('goaway', (_code, _lastStream, data?: Buffer) => {
    end ??= data && endFromFarewell(data.toString());
    if (end) session.destroy();
  });
  session.on('close', () => options.onEnd(end ?? { kind: 'lost', reason: 'the connection to the hub was lost' }));
  session.on('stream', (connection, headers) => {
    // Without a listener, a stream that the hub cancels would end the process.
    connection.on('error', () => undefined);
    // A stream that the hub has cancelled already may be closed and not destroyed yet: a reply would throw.
    if (connection.destroyed || connection.closed) return;
    open += 1;
    connection.once('close', () => {
      open -= 1;
    });
    const authority = AUTHORITIES.find((name) => name === headers[':authority']);
    const serve = authority && options.serve[authority];
    if (headers[':method'] !== 'CONNECT' || headers[':protocol'] !== undefined) return refuse(connection, 405);
    if (!serve) return refuse(connection, 404);
    if (open > MAX_STREAMS) return connection.close(constants.NGHTTP2_REFUSED_STREAM);
    connection.respond({ ':status': 200 });
    const { pace, clock, ping, meter } = options;
    const classed = (inner: Duplex): ClassedStream =>
      asSocket(Object.assign(inner, { trafficClass: FIRST_CLASSES[authority] }));
    const holdMs = (): number => options.holdMs?.(served.trafficClass) ?? 0;
    const served: ClassedStream = classed(
      authority === 'files' ? pacedStream(connection, { pace, clock, ping, holdMs }) : connection,
    );
    serve(served);
    meter?.attach(served);
  });
  return session;
}

function refuse(stream: ServerHttp2Stream, status: 404 | 405): void {
  stream.respond({ ':status': status }, { endStream: true });
  // Discards what the hub sends on it.
  stream.resume();
}

function endFromFarewell(line: string): UplinkEnd | undefined {
  const farewell = decodeFarewell(line);
  if (!farewell) return undefined;
  if ('refused' in farewell) return refusedBy(farewell).end;
  return { kind: 'stopped', retryMs: farewell.retry_ms, reason: farewell.why ?? 'the hub stops' };
}
