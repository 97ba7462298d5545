import { onceFor, splicedJson, stringifyJson } from '@medkit/core';

/** A body that is given again as the very same object while nothing changes. */
export class LastingBody<Body extends object> {
  readonly body: Body;
  /** Whether it is still what a client that asks again is given; absent where only the handler knows. */
  readonly isCurrent: (() => boolean) | undefined;

  constructor(body: Body, isCurrent?: () => boolean) {
    this.body = body;
    this.isCurrent = isCurrent;
  }

  /** Its JSON, written once for all who ask. */
  get bytes(): Buffer {
    return bytesOf(this.body);
  }
}

const bytesOf = onceFor((body: object) => Buffer.from(stringifyJson(body)));

/** A body with parts that are given again as the very same objects: the value that many read, the schema of its type. */
export class SplicedBody<Body extends object> {
  readonly body: Body;
  /** Gives the JSON for a client that asks again; `undefined` once the handler must be asked. */
  readonly again: (() => string | undefined) | undefined;
  readonly #parts: readonly unknown[];

  constructor(body: Body, parts: readonly unknown[], again?: () => string | undefined) {
    this.body = body;
    this.#parts = parts;
    this.again = again;
  }

  /** Its JSON; that of its parts is written once for all who ask. */
  get text(): string {
    return splicedJson(this.body, new Set(this.#parts));
  }
}
