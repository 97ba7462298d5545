import type { Content } from '../message/content.ts';
import type { EndpointOf, ReceiverType } from '../receiver/receiver.ts';

/** A request that a receiver understands. */
export interface ShapedRequest {
  readonly method: 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What of a request is of the moment in which it is sent. */
export interface ShapeContext {
  /** The same for every try of one message. */
  readonly messageId: string;
  /** Stands before the source of events and names the robot. */
  readonly origin: string;
  /** Wall clock, milliseconds. */
  readonly nowMs: number;
}

/**
 * The requests that tell a receiver of one kind what a message says, in their order; none where it has no word for it. How many
 * they are depends on the message alone.
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

/** The address of something below the one that is configured. */
export const below = (url: string, path: string): string => `${url.replace(/\/+$/, '')}${path}`;
