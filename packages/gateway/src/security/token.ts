import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Compares the `Authorization` header of a request with the configured token. Compares digests in constant time, so
 * that the duration discloses neither content nor length of the token.
 */
export function tokenCheck(token: string): (authorization: string | undefined) => boolean {
  const expected = digest(token);
  return (authorization) => {
    const presented = /^bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    return presented !== undefined && timingSafeEqual(digest(presented), expected);
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
