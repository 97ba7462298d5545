/** A reply whose status is not 200, or that has headers of its own. */
export class Answer<Body> {
  /** `undefined` for that which the contract has for a reply without a body. */
  readonly status: number | undefined;
  /** Absent for a reply without a body, as 204 and some 202 are. */
  readonly body: Body | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number | undefined, body?: Body, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** What was asked for is done, or begun, and there is no more to say: the contract of the route has the status. */
export function done(headers?: Readonly<Record<string, string>>): Answer<never> {
  return new Answer<never>(undefined, undefined, headers);
}
