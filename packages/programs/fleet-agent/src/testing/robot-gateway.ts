import { type Client, createClient } from '@medkit/client';
import type { FaultListItem, FaultStreamEvent } from '@medkit/contract';
import { SimulatedClock } from '@medkit/edges/testing';
import { listOf } from './faults.ts';

const BASE = 'http://robot:8080/api/v1';
const EVENTS = { headers: { 'Content-Type': 'text/event-stream' } };
const FAULTS = 'GET /faults?status=confirmed';
const STREAM = 'GET /faults/stream';

type Answer = Response | Error | 'hangs';

/**
 * A gateway in memory on a simulated clock, with a client. `answers` overrides replies by method and path: a reply, a
 * connection failure, or `hangs`.
 */
export class RobotGateway {
  readonly clock = new SimulatedClock();
  readonly answers = new Map<string, () => Answer | Promise<Answer>>();
  readonly requests: string[] = [];
  readonly client: Client;
  faults: readonly FaultListItem[] = [];
  aboutFaults: object = {};
  publicUrl: string | undefined;
  readonly #streams = new Map<string, ReadableStreamDefaultController<Uint8Array>>();
  /** Paths of subscribed resources by subscription id. */
  readonly #resources = new Map<string, string>();

  constructor() {
    this.client = createClient({
      url: 'robot',
      pause: (ms, signal) => this.#pause(ms, signal),
      send: async (url, { method = 'GET', body, signal }) => {
        const request = `${method} ${url.replace(BASE, '')}`;
        this.requests.push(request);
        const answer = (await this.answers.get(request)?.()) ?? this.#answer(request, body, signal);
        if (answer instanceof Error) throw answer;
        if (answer !== 'hangs') return answer;
        return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
      },
    });
  }

  /** Number of requests of the list. */
  get lists(): number {
    return this.requests.filter((request) => request === FAULTS).length;
  }

  /** Number of requests of the stream. */
  get streams(): number {
    return this.requests.filter((request) => request === STREAM).length;
  }

  /** Settles pending work while almost no time passes. */
  settle(): Promise<void> {
    return this.clock.advanceAsync(0.02, 0.001);
  }

  sendEvent(event: FaultStreamEvent): void {
    this.#say(STREAM, JSON.stringify(event));
  }

  /** Sends any data on the fault stream. */
  say(data: string): void {
    this.#say(STREAM, data);
  }

  /** Sends a value of a data item, by its path after `/api/v1`. */
  sendValue(path: string, data: unknown): void {
    for (const [id, resource] of this.#resources) {
      if (resource === path)
        this.#say(`GET ${streamOf(id, path)}`, JSON.stringify({ timestamp: 't', payload: { data } }));
    }
  }

  /** Breaks the connection of the fault stream. */
  break(): void {
    this.#streams.get(STREAM)?.error(new Error('socket hang up'));
  }

  #say(stream: string, data: string): void {
    this.#streams.get(stream)?.enqueue(new TextEncoder().encode(`data: ${data}\n\n`));
  }

  #answer(request: string, body: unknown, signal: AbortSignal | null | undefined): Answer {
    if (request === FAULTS) return Response.json(listOf(this.faults, this.aboutFaults));
    if (request === 'GET /') return Response.json({ public_url: this.publicUrl });
    if (request === 'GET /version-info') return Response.json({});
    if (request.startsWith('POST ')) return this.#subscribed(JSON.parse(String(body)) as { readonly resource: string });
    if (request.startsWith('DELETE ')) return new Response(null, { status: 204 });
    if (request !== STREAM && !request.endsWith('/events')) return refusal(404);
    const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      this.#streams.set(request, controller);
      signal?.addEventListener('abort', () => controller.error(signal.reason), { once: true });
    };
    return new Response(new ReadableStream({ start }), EVENTS);
  }

  #subscribed({ resource }: { readonly resource: string }): Response {
    const id = `sub_${this.#resources.size + 1}`;
    this.#resources.set(id, resource.replace('/api/v1/', ''));
    return Response.json({ id }, { status: 201 });
  }

  #pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.clock.after(ms, resolve);
      const end = () => {
        timer.cancel();
        resolve();
      };
      signal?.addEventListener('abort', end, { once: true });
      if (signal?.aborted) end();
    });
  }
}

function streamOf(id: string, resource: string): string {
  const [kind, entity] = resource.split('/');
  return `/${kind}/${entity}/cyclic-subscriptions/${id}/events`;
}

/** An error reply of a gateway. */
export function refusal(status: number): Response {
  return Response.json({ error_code: 'some-code', message: `Refused with ${status}` }, { status });
}
