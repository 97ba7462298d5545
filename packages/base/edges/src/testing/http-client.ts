import type { HttpClient, HttpReply, HttpRequest } from '../http-client.ts';

/** An HTTP client for tests: records requests and returns the configured replies. */
export class SimulatedHttp implements HttpClient {
  readonly requests: HttpRequest[] = [];
  /** Answers the next request; throw an error to simulate no reply. Default: 200 without a body. */
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
