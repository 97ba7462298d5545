import type { GenericError } from '@medkit/contract';

/** What is to be a part of an address and cannot be one. Nothing was sent. */
export class InvalidName extends Error {
  override readonly name = 'InvalidName';

  constructor(text: string) {
    super(text === '' ? 'an empty text is no name' : `"${text}" is no name`);
  }
}

/** What was asked, for messages: method and address. */
export interface Asked {
  readonly method: string;
  readonly url: string;
}

/** The gateway answered with an error of SOVD. Its message is for people. */
export class GatewayRefused extends Error {
  override readonly name = 'GatewayRefused';
  readonly asked: Asked;
  readonly status: number;
  /** The code that tells most: that of the vendor where there is one. */
  readonly code: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The body as it came. */
  readonly text: string;

  constructor(asked: Asked, status: number, body: GenericError, text: string) {
    super(body.message);
    this.asked = asked;
    this.status = status;
    this.code = body.vendor_code ?? body.error_code;
    this.parameters = body.parameters ?? {};
    this.text = text;
  }
}

/** No answer came: nobody is there, the name is not known, the time was over, the connection broke. `cause` says which. */
export class GatewayUnreachable extends Error {
  override readonly name = 'GatewayUnreachable';
  readonly asked: Asked;

  constructor(asked: Asked, cause: unknown) {
    super(`no answer from ${asked.url}`, { cause });
    this.asked = asked;
  }
}

/** Whether the same request may be answered a moment later: the gateway is away, or cannot answer just now. */
export function mayPass(error: unknown): boolean {
  return error instanceof GatewayUnreachable || (error instanceof GatewayRefused && error.status >= 500);
}

/** Something answered, but not as a gateway does: another program listens there, or a proxy stands in between. */
export class NotAGateway extends Error {
  override readonly name = 'NotAGateway';
  readonly asked: Asked;
  readonly status: number;
  /** Where it sends its clients instead. */
  readonly location: string | undefined;

  constructor(asked: Asked, status: number, what: string, location?: string) {
    super(`${asked.url} answers ${status} with ${what}`);
    this.asked = asked;
    this.status = status;
    this.location = location;
  }
}
