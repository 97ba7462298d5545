import {
  type Authenticator,
  credsAuthenticator,
  nkeyAuthenticator,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
} from '@nats-io/transport-node';

const CREDENTIALS = /-----BEGIN NATS USER JWT-----/;
/** Seed of a user key. */
const SEED = /^SU[A-Z2-7]{56}$/;

/** Returns the credentials in the text of `fleet.nats.credentials_file`. Throws if it has none; the error has no part of it. */
export function natsAuthenticator(text: string, path: string): Authenticator {
  const bytes = (value: string) => new TextEncoder().encode(value);
  if (CREDENTIALS.test(text)) return credsAuthenticator(bytes(text));
  const line = text.trim();
  if (line === '' || line.includes('\n')) {
    throw new Error(
      `fleet.nats.credentials_file: ${path} has no credentials: write one line user:password, or a token`,
    );
  }
  if (SEED.test(line)) return nkeyAuthenticator(bytes(line));
  const colon = line.indexOf(':');
  if (colon < 0) return tokenAuthenticator(line);
  return usernamePasswordAuthenticator(line.slice(0, colon), line.slice(colon + 1));
}
