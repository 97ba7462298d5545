import type { Socket } from 'node:net';
import { connect, createSecureContext, TLSSocket } from 'node:tls';

/** The suite of OpenSSL for keys that both ends have; with an exchange of keys, so that a later leak decrypts nothing. */
const SUITE = { minVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256' } as const;
const IDENTITY = 'medkit-standby/1';

/**
 * Starts TLS at the hub that serves, on a connection of a standby. The end that opens streams is the client of TLS. Rejects
 * if the other end does not have the key.
 */
export async function secureAtHub(socket: Socket, key: Uint8Array): Promise<TLSSocket> {
  const secured = connect({
    ...{ ...SUITE, socket },
    pskCallback: () => ({ identity: IDENTITY, psk: key }),
    checkServerIdentity: () => undefined,
  });
  return established(secured, 'secureConnect');
}

/** Starts TLS at the standby. Rejects if the other end does not have the key. */
export async function secureAtStandby(socket: Socket, key: Uint8Array): Promise<TLSSocket> {
  const secured = new TLSSocket(socket, {
    ...{ isServer: true, secureContext: createSecureContext(SUITE) },
    pskCallback: (_socket: TLSSocket, identity: string) => (identity === IDENTITY ? Buffer.from(key) : null),
  } as ConstructorParameters<typeof TLSSocket>[1]);
  return established(secured, 'secure');
}

async function established(secured: TLSSocket, event: 'secure' | 'secureConnect'): Promise<TLSSocket> {
  await new Promise<void>((resolve, reject) => {
    const fail = (reason: string): void =>
      reject(new Error(`the program there is not a hub of this version with the same fleet.secret_file: ${reason}`));
    secured.once(event, resolve);
    secured.on('error', ({ message }) => fail(message));
    secured.once('close', () => fail('the connection ended'));
  });
  return secured;
}
