import { constants, type KeyObject } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { connect, createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { UPLINK_PROTOCOL } from '../carrier/carrier.ts';
import { UplinkFailed } from '../handshake/uplink-end.ts';
import { fingerprintOf, type Identity } from '../identity/identity.ts';

/** Proof by key on both ends: dates, names and issuers of the certificates are not checked. No session is resumed. */
const OPTIONS = { minVersion: 'TLSv1.3', sigalgs: 'ed25519', secureOptions: constants.SSL_OP_NO_TICKET } as const;
const PEER = { rejectUnauthorized: false, ALPNProtocols: [UPLINK_PROTOCOL] };

/** Creating a context parses key and certificate; a hub accepts all robots with the same one. */
const contexts = new WeakMap<Identity, SecureContext>();

function contextFor(identity: Identity): SecureContext {
  let context = contexts.get(identity);
  if (!context) {
    context = createSecureContext({ ...OPTIONS, key: identity.key, cert: identity.certificate });
    contexts.set(identity, context);
  }
  return context;
}

/** Starts TLS on the robot. Throws `UplinkFailed` (`other-hub`) before it sends anything to a hub with another key. */
export async function secureRobot(stream: Duplex, identity: Identity, hubFingerprint: string): Promise<TLSSocket> {
  const socket = connect({ ...PEER, socket: stream, secureContext: contextFor(identity) });
  const { fingerprint } = await established(socket, 'secureConnect');
  if (fingerprint === hubFingerprint) return socket;
  socket.destroy();
  const reason = `the hub has the key ${fingerprint} instead of ${hubFingerprint}: it is another hub, or its key was replaced`;
  throw new UplinkFailed({ kind: 'protocol', code: 'other-hub', reason });
}

/** Starts TLS on the hub, and returns the fingerprint of the robot's key. Throws `UplinkFailed`. */
export async function secureHub(stream: Duplex, identity: Identity) {
  const options = { ...PEER, isServer: true, requestCert: true, secureContext: contextFor(identity) };
  const socket = new TLSSocket(stream, options);
  return { socket, ...(await established(socket, 'secure')) };
}

async function established(socket: TLSSocket, event: 'secure' | 'secureConnect'): Promise<{ fingerprint: string }> {
  await new Promise<void>((resolve, reject) => {
    const fail = (reason: string): void =>
      reject(new UplinkFailed({ kind: 'lost', reason: `inner TLS failed: ${reason}` }));
    socket.once(event, resolve);
    socket.on('error', ({ message }) => fail(message));
    socket.once('close', () => fail('the connection ended'));
  });
  const key = socket.getPeerX509Certificate()?.publicKey;
  const problem = problemOf(key, socket.alpnProtocol);
  if (!key || problem !== undefined) {
    socket.destroy();
    throw new UplinkFailed({ kind: 'protocol', code: 'wrong-key', reason: `inner TLS failed: ${problem}` });
  }
  return { fingerprint: fingerprintOf(key) };
}

function problemOf(key: KeyObject | undefined, protocol: string | false | null): string | undefined {
  if (!key) return 'the other end has no certificate';
  if (key.asymmetricKeyType !== 'ed25519') return `the other end has a ${key.asymmetricKeyType} key, expected ed25519`;
  return protocol === UPLINK_PROTOCOL ? undefined : `the other end does not speak ${UPLINK_PROTOCOL}`;
}
