import type { Content } from '../message/content.ts';
import type { EndpointOf, ReceiverType } from '../receiver/receiver.ts';

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

/**
 * Returns the requests that send a message to one kind of receiver, in order; none if the receiver has no equivalent.
 * Their number depends only on the message.
 */
export type Shape<T extends ReceiverType> = (
  endpoint: EndpointOf<T>,
  content: Content,
  context: ShapeContext,
) => readonly ShapedRequest[];

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
