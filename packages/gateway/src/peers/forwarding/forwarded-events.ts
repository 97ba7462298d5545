import { type ForwardReply, type JsonValue, type Model, parseJson, stringifyJson } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { streamParts } from '@medkit/peer';
import { EventReply } from '../../http/event-reply.ts';
import { commentFrame, type EventFrame, eventFrame, type ServerEvent } from '../../sse/event-frame.ts';
import type { EventStream } from '../../sse/event-stream.ts';
import type { EventStreams } from '../../sse/event-streams.ts';
import { MAX_DOCUMENT_BYTES } from './document-of.ts';
import { type Forwarding, forwardTo } from './forward-to.ts';
import { peerNames } from './peer-names.ts';
import type { Place } from './peer-places.ts';

/** What every stream says of itself: the one to the client says that by itself. */
const OWN_COMMENTS: readonly string[] = ['connected', 'keepalive'];

/** How a gateway ends a stream of whom it lets in no more: this one, and not the client of this one. */
const LET_IN_NO_MORE = 'x-medkit-auth';

export interface ForwardedEventsOptions {
  readonly model: Pick<Model, 'tree'>;
  readonly streams: EventStreams;
  readonly clock: Clock;
}

/**
 * A stream of another gateway as one of this gateway's own: it counts among them, ends when its client is let in no more, and
 * reads as fast as the client does. Its events have the ids that entities go by here; ids of events stay, so that a client that
 * comes again goes on where it was.
 */
export function forwardedEvents(options: ForwardedEventsOptions, place: Place, forwarding: Forwarding): EventReply {
  const { model, streams } = options;
  return new EventReply(async () => {
    const stream = streams.open();
    try {
      const answered = await forwardTo(model, place, forwarding);
      const { reply } = answered;
      const isStream = reply.status === 200 && reply.headers['content-type']?.startsWith('text/event-stream');
      if (isStream) {
        void passOn(options, place, reply, stream);
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

/** Sends what comes until one of the two ends: never rejects. */
async function passOn(
  { model, clock }: ForwardedEventsOptions,
  { runtime, origin }: Place,
  reply: ForwardReply,
  stream: EventStream,
): Promise<void> {
  const close = (): void => reply.close();
  stream.signal.addEventListener('abort', close, { once: true });
  if (stream.isOver) close();
  const here = (document: JsonValue): JsonValue => peerNames(model.tree, runtime)?.here(document) ?? document;
  try {
    for await (const parts of streamParts(reply, clock, MAX_DOCUMENT_BYTES)) {
      for (const part of parts) {
        if (stream.isOver) return;
        if ('data' in part && part.event === LET_IN_NO_MORE) {
          stream.cutOff(`${origin} lets this gateway in no more`);
          return;
        }
        const frame = 'comment' in part ? commentOf(part.comment) : 'data' in part ? frameOf(part, here) : undefined;
        if (!frame) continue;
        stream.send(frame);
        await stream.drained();
      }
    }
    stream.end();
  } catch {
    // Whoever reads is told, and comes again.
    stream.cutOff(`the stream of ${origin} broke off`);
  } finally {
    close();
  }
}

function commentOf(comment: string): EventFrame | undefined {
  return OWN_COMMENTS.includes(comment) ? undefined : commentFrame(comment);
}

function frameOf({ id, event, data }: ServerEvent, here: (document: JsonValue) => JsonValue): EventFrame {
  return eventFrame({
    ...(id !== undefined && { id }),
    ...(event !== undefined && { event }),
    data: oneText(data, here),
  });
}

/** The data of an event on one line, in the names of this tree where it is JSON. */
function oneText(data: string, here: (document: JsonValue) => JsonValue): string {
  let document: JsonValue;
  try {
    document = parseJson(data);
  } catch {
    return data.replaceAll('\n', '\ndata: ');
  }
  return stringifyJson(here(document));
}
