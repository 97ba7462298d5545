import type { Clock } from '@medkit/edges';
import { MAX_OPERATIONS } from '../bounds.ts';
import type { OpcuaLibrary } from '../opcua-library.ts';
import type { SecureChannel } from './secure-channel.ts';
import type { SessionToken } from './session-request.ts';

/** Maximum operations per request of a server (OPC 10000-5, 6.3.11). */
export interface OperationLimits {
  readonly read: number;
  readonly browse: number;
  readonly translate: number;
  readonly monitor: number;
}

type Ask = Parameters<SecureChannel['request']>;

/** Sends requests within a session, with its token. */
export class SessionChannel {
  readonly library: OpcuaLibrary;
  readonly endpointUrl: string;
  readonly clock: Clock;
  readonly channel: SecureChannel;
  /** Defaults until the server's limits are known. */
  limits: OperationLimits = { read: 100, browse: 100, translate: 100, monitor: 100 };
  readonly #token: SessionToken;

  constructor(channel: SecureChannel, token: SessionToken, clock: Clock) {
    this.channel = channel;
    this.library = channel.library;
    this.endpointUrl = channel.endpointUrl;
    this.clock = clock;
    this.#token = token;
  }

  /** As `SecureChannel.request`. */
  ask<A>(request: Ask[0], expected: new (...args: never[]) => A, timeoutMs?: number): Promise<A> {
    request.requestHeader.authenticationToken = this.#token;
    return this.channel.request(request, expected as never, timeoutMs) as Promise<A>;
  }

  /**
   * Splits a request into parts that fit the limits, and sends them one at a time. Returns one result per item; a
   * different number of results ends the session.
   */
  async askInParts<I, R>(
    items: readonly I[],
    limit: number,
    ask: (part: I[]) => Promise<readonly R[] | null | undefined>,
  ): Promise<R[]> {
    const results: R[] = [];
    const size = Math.max(1, Math.min(limit || MAX_OPERATIONS, MAX_OPERATIONS));
    for (let start = 0; start < items.length; start += size) {
      const part = items.slice(start, start + size);
      const found = (await ask(part)) ?? [];
      if (found.length !== part.length) {
        throw this.channel.fail(new Error(`expected ${part.length} results, received ${found.length}`));
      }
      for (const each of found) results.push(each);
    }
    return results;
  }
}
