import { readParts, type ServerEvent } from '@medkit/client';

/** Maximum characters of an event in a test. */
const MAX_CHARS = 1_000_000;

/** Follows a stream until it ends or is closed. Rejects with the status if there is no stream. */
export async function followed(url: string, lastId?: string) {
  const closing = new AbortController();
  const reply = await fetch(url, {
    signal: closing.signal,
    headers: { ...(lastId !== undefined && { 'last-event-id': lastId }) },
  });
  if (reply.status !== 200 || !reply.body) throw new Error(`status ${reply.status}`);
  const client = {
    events: [] as ServerEvent[],
    comments: [] as string[],
    isOver: false,
    /** Id of the last event, as the client would send it when reconnecting. */
    lastId: () => client.events.at(-1)?.id ?? lastId,
    close: () => closing.abort(),
  };
  const read = async (body: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const parts of readParts(body, MAX_CHARS))
      for (const part of parts) {
        if ('comment' in part) client.comments.push(part.comment);
        else if ('data' in part) client.events.push(part);
      }
  };
  const over = (): void => {
    client.isOver = true;
  };
  read(reply.body).then(over, over);
  return client;
}
