import { SharedPartsBody, StableBody } from './stable-body.ts';

/** A list is for a header that occurs several times, such as `Set-Cookie`. */
type ReplyHeaders = Readonly<Record<string, string | string[]>>;

/** A reply with a status other than 200, or with additional headers. */
export class Answer<Body> {
  /** `undefined` for the status that the contract declares for the reply without a body. */
  readonly status: number | undefined;
  /** Absent for a reply without a body, such as 204 and some 202. */
  readonly body: Body | undefined;
  readonly headers: ReplyHeaders;

  constructor(status: number | undefined, body?: Body, headers: ReplyHeaders = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** Reply without a body: the request succeeded or was accepted. The route's contract defines the status. */
export function done(headers?: ReplyHeaders): Answer<never> {
  return new Answer<never>(undefined, undefined, headers);
}

/** Returns the body in the result of a handler that is neither a file nor a stream. */
export function resultBody(result: unknown): unknown {
  const body = result instanceof Answer ? result.body : result;
  return body instanceof StableBody || body instanceof SharedPartsBody ? body.body : body;
}
