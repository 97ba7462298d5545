import { hash } from 'node:crypto';

/** A place and a subject with these characters are legible in an id, and fit into a header of a forwarded request. */
const PLAIN_PLACE = /^[\w.:-]{1,60}$/;
const PLAIN_SUBJECT = /^[\w.@+-]{1,60}$/;

/**
 * Returns the principal id of an account of an identity provider: unique to issuer and subject, ASCII, and at most 128
 * characters. A subject in another script, or a long one, is replaced by a digest.
 */
export function providerPrincipalId(issuer: string, subject: string): string {
  const place = issuer
    .replace(/^https?:\/\//, '')
    .replace(/\/$/, '')
    .replaceAll('/', ':');
  if (PLAIN_PLACE.test(place) && PLAIN_SUBJECT.test(subject)) return `oidc:${place}:${subject}`;
  return `oidc:sha256:${hash('sha256', `${issuer}\n${subject}`, 'base64url')}`;
}
