import type { Route } from '@medkit/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isEventRoute } from '../http/event-reply.ts';
import type { RepeatedReply, RequestObserver } from '../http/repeated-reads.ts';
import { Histogram } from './histogram.ts';

/** Bounds in seconds of `http.server.request.duration` in the conventions of OpenTelemetry. */
export const DURATION_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] as const;

/** Maximum pairs of operation and status class: a client uses some dozen of the about 300 operations. */
export const MAX_REQUEST_SETS = 300;

/** Label of requests without an operation of the contract: pages, documents, `/metrics` and unknown addresses. */
const NO_OPERATION = 'none';

/** What is measured of a reply that was sent without the hooks. */
export interface MeasuredReply extends Pick<RepeatedReply, 'elapsedMs'> {
  readonly route: Pick<Route, 'operationId'> | undefined;
}

/** Counts requests and measures their durations. Event streams are not measured: they last as long as the client. */
export class RequestMetrics implements RequestObserver {
  readonly durations = new Histogram<'operation_id' | 'code'>({ bounds: DURATION_BOUNDS, maxSets: MAX_REQUEST_SETS });
  #active = 0;

  /** Requests whose reply is not complete, without event streams. */
  get active(): number {
    return this.#active;
  }

  observe(app: FastifyInstance): void {
    const ended = () => {
      this.#active -= 1;
    };
    app.addHook('onRequest', (request, reply, done) => {
      if (!isStream(request)) {
        this.#active += 1;
        // Also if the client disconnects, unlike the hook `onResponse`.
        reply.raw.once('close', ended);
      }
      done();
    });
    app.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done) => {
      if (!isStream(request)) this.#add(operationOf(request), reply.statusCode, reply.elapsedTime);
      done();
    });
  }

  repeated({ route, elapsedMs }: MeasuredReply): void {
    this.#add(route?.operationId ?? NO_OPERATION, 200, elapsedMs);
  }

  #add(operationId: string, status: number, elapsedMs: number): void {
    const code = `${Math.floor(status / 100)}xx`;
    const set = this.durations.set(`${code} ${operationId}`, () => ({ operation_id: operationId, code }));
    if (set) this.durations.observe(set, elapsedMs / 1000);
  }
}

function operationOf({ routeOptions }: FastifyRequest): string {
  return routeOptions.config.route?.operationId ?? NO_OPERATION;
}

function isStream({ routeOptions }: FastifyRequest): boolean {
  const { route } = routeOptions.config;
  return route !== undefined && isEventRoute(route);
}
