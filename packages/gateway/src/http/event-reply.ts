import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventStream } from '../sse/event-stream.ts';
import { lastEventId } from '../sse/last-event-id.ts';

/** A stream of events as the reply of a handler. */
export class EventReply {
  /** Begins the stream for a client that has seen everything up to `lastId`; what it rejects with is the answer instead. */
  readonly open: (lastId: number | undefined) => Promise<EventStream>;

  constructor(open: EventReply['open']) {
    this.open = open;
  }
}

/** Sends events for as long as the client stays. `HEAD` begins no stream. */
export async function sendEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  { open }: EventReply,
): Promise<FastifyReply> {
  const stream = request.method === 'HEAD' ? undefined : await open(lastEventId(request.headers['last-event-id']));
  return reply
    .header('Content-Type', 'text/event-stream')
    .header('Cache-Control', 'no-cache')
    .header('X-Accel-Buffering', 'no')
    .send(stream ? stream.body : Readable.from([], { objectMode: false }));
}
