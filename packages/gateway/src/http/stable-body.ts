import { memoizeByObject, stringifyCached, stringifyJson } from '@medkit/core';

/** A body that is sent as the same object until something changes. */
export class StableBody<Body extends object> {
  readonly body: Body;
  /** Returns whether the body is still current; absent if only the handler can decide. */
  readonly isCurrent: (() => boolean) | undefined;

  constructor(body: Body, isCurrent?: () => boolean) {
    this.body = body;
    this.isCurrent = isCurrent;
  }

  /** Its JSON, serialised once for all clients. */
  get bytes(): Buffer {
    return bytesOf(this.body);
  }
}

const bytesOf = memoizeByObject((body: object) => Buffer.from(stringifyJson(body)));

/** A body that shares parts with other replies: the value that many clients read, the schema of its type. */
export class SharedPartsBody<Body extends object> {
  readonly body: Body;
  /** Returns the JSON for a repeated request; `undefined` if the handler must run. */
  readonly again: (() => string | undefined) | undefined;
  readonly #parts: readonly unknown[];

  constructor(body: Body, parts: readonly unknown[], again?: () => string | undefined) {
    this.body = body;
    this.#parts = parts;
    this.again = again;
  }

  /** Its JSON; shared parts are serialised once for all clients. */
  get text(): string {
    return stringifyCached(this.body, new Set(this.#parts));
  }
}
