import type { Content } from '../message/content.ts';

/** A request in the format of a receiver. */
export interface ShapedRequest {
  readonly method: 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Values that are set when the request is sent. */
export interface ShapeContext {
  /** Identical for every attempt of one message. */
  readonly messageId: string;
  /** Prefix of the event source, which identifies the robot. */
  readonly origin: string;
  /** Wall clock, milliseconds. */
  readonly nowMs: number;
}

/** Names of the options of an endpoint besides its URL, as in the configuration. */
export type EndpointOption = 'topic' | 'token' | 'routing_key' | 'secret' | 'chat' | 'thread';

/** Everything that distinguishes one kind of receiver. `Endpoint` is its address with its credentials. */
export interface ReceiverKind<Endpoint> {
  /** The URL unless the configuration names another one; absent if it must name one. */
  readonly defaultUrl?: string;
  /** The options that it supports besides the URL. */
  readonly options: Readonly<Partial<Record<EndpointOption, 'required' | 'optional'>>>;
  /** Returns why the value of an option is invalid; `undefined` if it is valid. */
  readonly optionProblem?: (option: EndpointOption, value: string) => string | undefined;
  /** Whether knowing the URL is enough to write to the receiver. */
  readonly hasSecretUrl?: true;
  /** Whether it keeps an alert open until the end of the incident is reported. */
  readonly keepsAlerts?: true;
  /** Interval at which an open incident is reported again, because its alert would end. */
  readonly refreshMs?: number;
  /**
   * Returns the requests that send a message, in order; none if the receiver has no equivalent. Their number depends
   * only on the message.
   */
  requests(endpoint: Endpoint, content: Content, context: ShapeContext): readonly ShapedRequest[];
}

export function jsonRequest(
  url: string,
  body: unknown,
  { token, method = 'POST' }: { readonly token?: string | undefined; readonly method?: 'POST' | 'PUT' } = {},
): ShapedRequest {
  return {
    method,
    url,
    headers: { 'Content-Type': 'application/json', ...(token !== undefined && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  };
}

/** Returns the address of a path below the configured one. */
export const below = (url: string, path: string): string => `${url.replace(/\/+$/, '')}${path}`;
