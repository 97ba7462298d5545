import type { SerialisedHandler } from '../services/typed-call.ts';
import type { Outbox } from './port.ts';
import type { FromThread, ToThread } from './protocol.ts';
import { decodeError } from './wire-error.ts';

type Response = Extract<ToThread, { readonly kind: 'response' | 'no-response' }>;

/** The calls and requests that are between a client and the services of its graph. */
export class ServedServices {
  readonly #outbox: Outbox<FromThread>;
  readonly #calls = new Map<number, AbortController>();
  readonly #requests = new Map<number, PromiseWithResolvers<Uint8Array>>();
  #lastRequest = 0;

  constructor({ outbox }: { readonly outbox: Outbox<FromThread> }) {
    this.#outbox = outbox;
  }

  /** Makes a call that the client can give up by its number. */
  async call(number: number, make: (signal: AbortSignal) => Promise<Uint8Array>): Promise<Uint8Array> {
    const controller = new AbortController();
    this.#calls.set(number, controller);
    try {
      // A view would take all of the datagram along.
      return new Uint8Array(await make(controller.signal));
    } finally {
      this.#calls.delete(number);
    }
  }

  abort(call: number): void {
    this.#calls.get(call)?.abort();
  }

  /** A handler that asks the client. Bounded by what a server has under way: the client responds to each request. */
  handlerOf(server: number): SerialisedHandler {
    return (cdr) => {
      this.#lastRequest += 1;
      const request = this.#lastRequest;
      const response = Promise.withResolvers<Uint8Array>();
      this.#requests.set(request, response);
      const copy = new Uint8Array(cdr);
      this.#outbox.send({ kind: 'request', server, request, cdr: copy }, [copy.buffer]);
      return response.promise;
    };
  }

  /** The client has handled a request. */
  respond(message: Response): void {
    const request = this.#requests.get(message.request);
    this.#requests.delete(message.request);
    if (message.kind === 'response') request?.resolve(message.response);
    else request?.reject(decodeError(message.error));
  }
}
