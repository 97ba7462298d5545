import { SimulatedClock } from '@medkit/edges/testing';
import { type Client, createClient } from '../client.ts';

const BASE = 'http://robot:8080/api/v1';
const EVENTS = { headers: { 'Content-Type': 'text/event-stream' } };

/**
 * A gateway with an app that has one item of data, and a client of it. `answers` overrides its answers by method and
 * path: a reply, a connection error, or `hangs`.
 */
export class FakeGateway {
  readonly clock = new SimulatedClock();
  readonly answers = new Map<string, () => Response | Error | 'hangs'>();
  readonly requests: string[] = [];
  readonly bodies: unknown[] = [];
  readonly client: Client;
  #made = 0;
  #stream: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor() {
    this.client = createClient({
      url: 'robot',
      random: { float: () => 0 },
      pause: (ms, signal) =>
        new Promise((resolve) => {
          const timer = this.clock.after(ms, resolve);
          const end = () => {
            timer.cancel();
            resolve();
          };
          signal?.addEventListener('abort', end, { once: true });
          if (signal?.aborted) end();
        }),
      send: async (url, { method = 'GET', body, signal }) => {
        const request = `${method} ${url.replace(BASE, '').replace('/apps/pump', '')}`;
        this.requests.push(request);
        if (typeof body === 'string') this.bodies.push(JSON.parse(body));
        const answer = this.answers.get(request)?.() ?? this.#answer(request, signal);
        if (answer instanceof Error) throw answer;
        if (answer !== 'hangs') return answer;
        return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
      },
    });
  }

  /** Sends a value over the open stream. */
  sendValue(value: unknown): void {
    this.sendData(JSON.stringify({ timestamp: 't', payload: { id: 'flow', data: value } }));
  }

  sendData(data: string): void {
    this.#stream?.enqueue(new TextEncoder().encode(`data: ${data}\n\n`));
  }

  /** Breaks all connections and forgets all subscriptions. */
  restart(): void {
    const subscription = `/cyclic-subscriptions/sub_${this.#made}`;
    this.answers.set(`GET ${subscription}/events`, () => refusal(404));
    this.answers.set(`DELETE ${subscription}`, () => refusal(404));
    this.#stream?.error(new Error('socket hang up'));
  }

  #answer(request: string, signal: AbortSignal | null | undefined): Response | 'hangs' {
    if (request === 'POST /cyclic-subscriptions') return Response.json({ id: `sub_${++this.#made}` }, { status: 201 });
    if (request.startsWith('PUT ')) return Response.json({ id: `sub_${this.#made}` });
    if (request.startsWith('DELETE ')) return new Response(null, { status: 204 });
    if (!request.endsWith('/events')) return refusal(404);
    const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      this.#stream = controller;
      signal?.addEventListener('abort', () => controller.error(signal.reason), { once: true });
    };
    return new Response(new ReadableStream({ start }), EVENTS);
  }
}

/** Creates an error reply with the given status. */
export function refusal(status: number): Response {
  return Response.json({ error_code: 'some-code', message: `Refused with ${status}` }, { status });
}
