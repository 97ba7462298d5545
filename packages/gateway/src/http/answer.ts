/** A reply whose status is not 200, or that has headers of its own. */
export class Answer<Body> {
  readonly status: number;
  /** Absent for a reply without a body, as 204 and some 202 are. */
  readonly body: Body | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body?: Body, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}
