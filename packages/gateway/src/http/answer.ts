/** A list for a header that comes several times, as `Set-Cookie` does. */
type ReplyHeaders = Readonly<Record<string, string | string[]>>;

/** A reply whose status is not 200, or that has headers of its own. */
export class Answer<Body> {
  /** `undefined` for that which the contract has for a reply without a body. */
  readonly status: number | undefined;
  /** Absent for a reply without a body, as 204 and some 202 are. */
  readonly body: Body | undefined;
  readonly headers: ReplyHeaders;

  constructor(status: number | undefined, body?: Body, headers: ReplyHeaders = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** What was asked for is done, or begun, and there is no more to say: the contract of the route has the status. */
export function done(headers?: ReplyHeaders): Answer<never> {
  return new Answer<never>(undefined, undefined, headers);
}
