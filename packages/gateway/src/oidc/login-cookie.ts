import type { Clock, Random } from '@medkit/edges';
import { securityOf } from '../security/session-cookie.ts';
import { textSeal } from './sealed-text.ts';

/** Time in which a user has to log in at the provider. */
export const LOGIN_SEC = 600;
/** A cookie contains three random texts and a path. */
const MAX_COOKIE_LENGTH = 4096;

/** A login that a browser has started, until it returns from the provider. */
export interface StartedLogin {
  readonly state: string;
  readonly nonce: string;
  /** RFC 7636. */
  readonly verifier: string;
  /** Path of the page to show after the login. */
  readonly returnTo: string;
}

export interface LoginCookies {
  seal(login: StartedLogin): string;
  /** Returns `undefined` for a cookie that is missing, damaged or too old. */
  open(cookie: string | undefined): StartedLogin | undefined;
}

/** Returns the cookie of a started login. The browser also sends it when the provider leads back to the gateway. */
export function loginCookie(name: string, value: string, maxAgeSec = LOGIN_SEC): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSec}; HttpOnly; SameSite=Lax${securityOf(name)}`;
}

/**
 * Stores a started login in an encrypted cookie. The gateway remembers nothing, so that no client can fill its memory,
 * and another gateway of the hub can finish the login.
 */
export function loginCookies(key: Uint8Array, { clock, random }: { clock: Clock; random: Random }): LoginCookies {
  const texts = textSeal(key, random);
  return {
    seal: (login) => texts.seal(JSON.stringify({ ...login, endsMs: clock.wallMs() + LOGIN_SEC * 1000 })),
    open: (cookie = '') => {
      const text = cookie.length > MAX_COOKIE_LENGTH ? undefined : texts.open(cookie);
      if (text === undefined) return undefined;
      const { endsMs, ...login } = JSON.parse(text);
      return clock.wallMs() < endsMs ? login : undefined;
    },
  };
}
