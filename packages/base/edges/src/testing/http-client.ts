import type { HttpClient, HttpReply, HttpRequest } from '../http-client.ts';

/** The other programs, for tests: records what is sent to them and answers as it is told. */
export class SimulatedHttp implements HttpClient {
  readonly requests: HttpRequest[] = [];
  /** What answers the next request; throw in it for one that nobody answers. 200 without a body unless it is replaced. */
  answer: (request: HttpRequest) => Promise<Partial<HttpReply>> | Partial<HttpReply> = () => ({});

  async send(request: HttpRequest): Promise<HttpReply> {
    this.requests.push(request);
    const { signal } = request;
    signal?.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(new Error('aborted'));
    signal?.addEventListener('abort', abort, { once: true });
    try {
      const reply = await Promise.race([this.answer(request), aborted.promise]);
      return { status: 200, headers: {}, body: '', ...reply };
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }
}
