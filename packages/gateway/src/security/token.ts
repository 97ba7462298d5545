import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Compares the `Authorization` header of a request with the configured token. Digests are compared, in constant time, so
 * that neither content nor length of the token shows in how long it takes.
 */
export function tokenCheck(token: string): (authorization: string | undefined) => boolean {
  const expected = digest(token);
  return (authorization) => {
    const given = /^bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    return given !== undefined && timingSafeEqual(digest(given), expected);
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
