import WebSocket from 'ws';

// biome-ignore lint/suspicious/noExplicitAny: tests check the received data.
type Json = any;

/** A connection to a browser over WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/). */
export interface BidiSession {
  /** Sends a command. Rejects with the error of the browser. */
  send(method: string, parameters?: object): Promise<Json>;
  /** Calls `handle` with the parameters of each event. */
  on(method: string, handle: (parameters: Json) => void): Promise<void>;
  close(): void;
}

/** Opens a session at the address that the browser prints. */
export async function openBidiSession(address: string): Promise<BidiSession> {
  const socket = new WebSocket(`${address}/session`);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const replies = new Map<number, (reply: Json) => void>();
  const handlers = new Map<string, (parameters: Json) => void>();
  let last = 0;
  socket.on('message', (data) => {
    const message: Json = JSON.parse(String(data));
    if (message.type === 'event') return handlers.get(message.method)?.(message.params);
    replies.get(message.id)?.(message);
    replies.delete(message.id);
  });
  // Without the browser no command gets a reply.
  socket.on('close', () => {
    for (const reply of replies.values()) reply({ type: 'error', error: 'closed', message: 'the browser has ended' });
  });
  const send = async (method: string, parameters: object = {}): Promise<Json> => {
    const id = ++last;
    const reply = await new Promise<Json>((resolve) => {
      replies.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params: parameters }));
    });
    if (reply.type === 'error') throw new Error(`${method}: ${reply.error}: ${reply.message}`);
    return reply.result;
  };
  await send('session.new', { capabilities: {} });
  return {
    send,
    async on(method, handle) {
      handlers.set(method, handle);
      await send('session.subscribe', { events: [method] });
    },
    close: () => socket.close(),
  };
}
