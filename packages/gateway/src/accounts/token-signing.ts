import type { Signing } from '@medkit/accounts';
import type { Files } from '@medkit/edges';
import type { GatewayConfig } from '../config/index.ts';
import { StartRefused } from '../listen.ts';

const MIN_SECRET_LENGTH = 32;

/** Returns the configured signing of tokens. Throws `StartRefused` if it is invalid. */
export async function tokenSigning(auth: GatewayConfig['auth'], files: Pick<Files, 'readText'>): Promise<Signing> {
  const { jwt_algorithm, jwt_secret: secret, jwt_public_key: publicFile } = auth;
  const algorithm = jwt_algorithm.toUpperCase();
  if (algorithm === 'EDDSA' || (algorithm === 'HS256' && secret === '')) return { algorithm: 'EdDSA' };
  if (algorithm === 'HS256') {
    if (secret.length >= MIN_SECRET_LENGTH) return { algorithm, secret };
    throw new StartRefused(`auth.jwt_secret has ${secret.length} characters: HS256 needs ${MIN_SECRET_LENGTH} or more`);
  }
  const read = async (key: string, file: string): Promise<string> => {
    if (file === '') throw new StartRefused(`${key} must name the file with a key for RS256`);
    const text = (await files.readText(file).catch(() => undefined))?.trim() ?? '';
    if (text === '') throw new StartRefused(`${key}: cannot read a key from ${file}`);
    return text;
  };
  const [privateKey, publicKey] = [
    await read('auth.jwt_secret', secret),
    await read('auth.jwt_public_key', publicFile),
  ];
  return { algorithm: 'RS256', privateKey, publicKey };
}
