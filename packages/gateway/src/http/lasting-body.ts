import { onceFor, stringifyJson } from '@medkit/core';

/** A body that is given again as the very same object while nothing changes. */
export class LastingBody<Body extends object> {
  readonly body: Body;

  constructor(body: Body) {
    this.body = body;
  }

  /** Its JSON, written once for all who ask. */
  get bytes(): Buffer {
    return bytesOf(this.body);
  }
}

const bytesOf = onceFor((body: object) => Buffer.from(stringifyJson(body)));
