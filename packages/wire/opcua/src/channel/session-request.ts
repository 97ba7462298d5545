import { randomBytes } from 'node:crypto';
import type { EndpointDescription } from 'node-opcua-client';
import { MAX_MESSAGE_BYTES, SESSION_TIMEOUT_MS } from '../bounds.ts';
import { PlcError } from '../plc-error.ts';
import type { UserOptions } from '../security/security-options.ts';
import type { ChannelSecurity, SecureChannel } from './secure-channel.ts';
import { userToken } from './user-token.ts';

/** Input for creating a session. */
export interface SessionScene {
  readonly channel: SecureChannel;
  readonly endpoint: EndpointDescription;
  readonly security: ChannelSecurity | undefined;
  readonly user: UserOptions;
  /** Certificate of the server for which a password may be encrypted. */
  readonly trusted: ChannelSecurity['server'] | undefined;
  readonly applicationName: string;
  readonly applicationUri: string;
}

/** Identifies a session in each request (OPC 10000-4, 7.32). */
export type SessionToken = Awaited<ReturnType<typeof createSession>>['token'];

/** Length of the client's random nonce: at least 32 bytes (OPC 10000-4, 5.7.2). */
const NONCE_BYTES = 32;
const CLIENT = 1;

/** Creates and activates a session (OPC 10000-4, 5.7.2 and 5.7.3). Returns its token. Rejects with `PlcError`. */
export async function beginSession(scene: SessionScene): Promise<SessionToken> {
  const { token, serverNonce } = await createSession(scene);
  const { channel, endpoint, security, user, trusted } = scene;
  const { library } = channel;
  const { token: userIdentityToken, signature } = {
    signature: undefined,
    ...(await userToken(user, { library, endpoint, server: trusted, serverNonce })),
  };
  const request = new library.ActivateSessionRequest({
    clientSignature: security && (await sign(security, serverNonce, channel)),
    userIdentityToken,
    userTokenSignature: signature ?? {},
    localeIds: ['en'],
  });
  request.requestHeader.authenticationToken = token;
  await channel.request(request, library.ActivateSessionResponse);
  return token;
}

async function createSession({ channel, endpoint, security, applicationName, applicationUri }: SessionScene) {
  const { library } = channel;
  const clientNonce = randomBytes(NONCE_BYTES);
  const request = new library.CreateSessionRequest({
    clientDescription: {
      applicationUri,
      productUri: 'urn:medkit',
      applicationName: { text: applicationName },
      applicationType: CLIENT,
    },
    serverUri: endpoint.server.applicationUri,
    endpointUrl: channel.endpointUrl,
    sessionName: applicationName,
    clientNonce,
    clientCertificate: security?.client.certificate.raw,
    requestedSessionTimeout: SESSION_TIMEOUT_MS,
    maxResponseMessageSize: MAX_MESSAGE_BYTES,
  });
  const answer = await channel.request(request, library.CreateSessionResponse);
  const { serverNonce, serverSignature, serverCertificate, serverEndpoints, authenticationToken } = answer;
  if (security) {
    if (serverNonce === null || serverNonce.length < NONCE_BYTES)
      throw new PlcError('the server sent no nonce for the session');
    const { raw } = security.server;
    if (!serverCertificate?.subarray(0, raw.length).equals(raw)) {
      throw new PlcError('the server opened the session with another certificate than that of its endpoint');
    }
    if (!library.verifySignature(security.client.certificate.raw, clientNonce, serverSignature, raw, security.policy)) {
      throw new PlcError('the server did not prove that it has the key of its certificate');
    }
    const isOffered = (serverEndpoints ?? []).some(
      ({ securityMode, securityPolicyUri }) =>
        securityMode === endpoint.securityMode && securityPolicyUri === endpoint.securityPolicyUri,
    );
    if ((serverEndpoints?.length ?? 0) > 0 && !isOffered) {
      throw new PlcError('the server offers other endpoints than before the channel was secured');
    }
  }
  return { token: authenticationToken, serverNonce: serverNonce ?? Buffer.alloc(0) };
}

/** Proves that this client owns its certificate. */
function sign({ client, server, policy }: ChannelSecurity, serverNonce: Buffer, { library }: SecureChannel) {
  return library.computeSignatureAsync(server.raw, serverNonce, { hidden: client.key }, policy);
}
