import type { GenericError } from '@medkit/contract';

/** Thrown for a name that cannot be part of a URL. No request was sent. */
export class InvalidName extends Error {
  override readonly name = 'InvalidName';

  constructor(text: string) {
    super(text === '' ? 'the name is empty' : `"${text}" is not a valid name`);
  }
}

/** Method and URL of a request, for messages. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
}

/** Thrown if the gateway answers with a SOVD error. The message is readable by people. */
export class GatewayRefused extends Error {
  override readonly name = 'GatewayRefused';
  readonly request: SentRequest;
  readonly status: number;
  /** The most specific code: the vendor code if present, otherwise the SOVD code. */
  readonly code: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The original body. */
  readonly text: string;

  constructor(request: SentRequest, status: number, body: GenericError, text: string) {
    super(body.message);
    this.request = request;
    this.status = status;
    this.code = body.vendor_code ?? body.error_code;
    this.parameters = body.parameters ?? {};
    this.text = text;
  }
}

/**
 * Thrown if there is no answer: connection refused, unknown host, timeout, or connection lost. `cause` has the details.
 */
export class GatewayUnreachable extends Error {
  override readonly name = 'GatewayUnreachable';
  readonly request: SentRequest;

  constructor(request: SentRequest, cause: unknown) {
    super(`no answer from ${request.url}`, { cause });
    this.request = request;
  }
}

/** Returns whether the same request may succeed later: the gateway is unreachable or temporarily unable to answer. */
export function isTransient(error: unknown): boolean {
  return error instanceof GatewayUnreachable || (error instanceof GatewayRefused && error.status >= 500);
}

/**
 * Thrown if the answer does not come from a gateway: another program listens at the address, or a proxy is in between.
 */
export class NotAGateway extends Error {
  override readonly name = 'NotAGateway';
  readonly request: SentRequest;
  readonly status: number;
  /** Target of the redirect, if the answer is one. */
  readonly location: string | undefined;

  constructor(request: SentRequest, status: number, what: string, location?: string) {
    super(`${request.url} answers ${status} with ${what}`);
    this.request = request;
    this.status = status;
    this.location = location;
  }
}
