import { type ForwardReply, type JsonValue, type Model, parseJson, stringifyJson } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { streamParts } from '@medkit/peer';
import { EventReply } from '../../http/event-reply.ts';
import { peerNames } from '../../peer-names/peer-names.ts';
import { commentFrame, type EventFrame, eventFrame, type ServerEvent } from '../../sse/event-frame.ts';
import type { EventStream } from '../../sse/event-stream.ts';
import type { EventStreams } from '../../sse/event-streams.ts';
import { type Forwarding, forwardRequest } from './forward-request.ts';
import { MAX_DOCUMENT_BYTES } from './parse-document.ts';
import type { Place } from './peer-places.ts';

/** Comments that every stream sends itself. */
const STANDARD_COMMENTS: readonly string[] = ['connected', 'keepalive'];

/** Event with which a peer ends a stream after this gateway lost its access there; it does not concern the client. */
const LET_IN_NO_MORE = 'x-medkit-auth';

export interface ForwardedEventsOptions {
  readonly model: Pick<Model, 'tree'>;
  readonly streams: EventStreams;
  readonly clock: Clock;
}

/**
 * Forwards a stream of a peer. It counts as one of this gateway's streams, ends when its client loses access, and reads
 * as fast as the client. Entity ids are translated; event ids stay, so that a client that reconnects continues where it
 * was.
 */
export function forwardedEvents(options: ForwardedEventsOptions, place: Place, forwarding: Forwarding): EventReply {
  const { model, streams, clock } = options;
  return new EventReply(async () => {
    const stream = streams.open('peers');
    try {
      const answered = await forwardRequest(model, place, forwarding);
      const { reply } = answered;
      const isStream = reply.status === 200 && reply.headers['content-type']?.startsWith('text/event-stream');
      if (isStream) {
        const names = () => peerNames(model.tree, place.runtime);
        void passOnEvents({
          reply,
          stream,
          clock,
          origin: place.origin,
          dataHere: (data) => oneText(data, (document) => names()?.here(document) ?? document),
        });
        return stream;
      }
      stream.end();
      return answered;
    } catch (error) {
      stream.end();
      throw error;
    }
  });
}

export interface PassOnOptions {
  /** The event stream of the other gateway. */
  readonly reply: Pick<ForwardReply, 'body' | 'close'>;
  readonly stream: EventStream;
  readonly clock: Clock;
  /** Name of the other gateway. */
  readonly origin: string;
  /** Translates the data of an event. */
  readonly dataHere: (data: string) => string;
  /** Called with the position of the client after each event that has one. */
  readonly onPosition?: (id: string) => void;
}

/** Forwards events until one side ends, and then ends the stream: never rejects. */
export async function passOnEvents(options: PassOnOptions): Promise<void> {
  const { stream, origin } = options;
  const end = await passOnUntilEnd(options);
  if (end === 'ended') stream.end();
  // The client is informed and reconnects.
  else stream.cutOff(`the stream of ${origin} was interrupted`);
}

/**
 * Forwards events until one side ends: never rejects. Returns whether the other gateway ended its stream or it was
 * interrupted; the stream of the client is still open then, unless the client ended it.
 */
export async function passOnUntilEnd(options: PassOnOptions): Promise<'ended' | 'interrupted'> {
  const { reply, stream, clock, origin, dataHere, onPosition } = options;
  const close = (): void => reply.close();
  stream.signal.addEventListener('abort', close, { once: true });
  if (stream.isOver) close();
  try {
    for await (const parts of streamParts(reply, clock, MAX_DOCUMENT_BYTES)) {
      for (const part of parts) {
        if (stream.isOver) return 'ended';
        if ('data' in part && part.event === LET_IN_NO_MORE) {
          stream.cutOff(`${origin} no longer accepts the credential of this gateway`);
          return 'ended';
        }
        const frame =
          'comment' in part ? commentOf(part.comment) : 'data' in part ? frameOf(part, dataHere) : undefined;
        if (frame) stream.send(frame);
        const position = 'mark' in part ? part.mark : 'data' in part ? part.id : undefined;
        if (position !== undefined) onPosition?.(position);
        await stream.drained();
      }
    }
    return 'ended';
  } catch {
    return 'interrupted';
  } finally {
    stream.signal.removeEventListener('abort', close);
    close();
  }
}

function commentOf(comment: string): EventFrame | undefined {
  return STANDARD_COMMENTS.includes(comment) ? undefined : commentFrame(comment);
}

function frameOf({ id, event, data }: ServerEvent, dataHere: PassOnOptions['dataHere']): EventFrame {
  return eventFrame({
    ...(id !== undefined && { id }),
    ...(event !== undefined && { event }),
    data: dataHere(data),
  });
}

/** Returns the data of an event on one line, with translated entity ids if it is JSON. */
function oneText(data: string, here: (document: JsonValue) => JsonValue): string {
  let document: JsonValue;
  try {
    document = parseJson(data);
  } catch {
    return data.replaceAll('\n', '\ndata: ');
  }
  return stringifyJson(here(document));
}
