import type { X509Certificate } from 'node:crypto';
import type { EndpointDescription, SecurityPolicy as PolicyUri } from 'node-opcua-client';
import type { SecurityOptions, UserOptions } from '../options/security-options.ts';
import { checkSecurity } from './check-security.ts';
import { chooseEndpoint, policyUri } from './endpoint-choice.ts';
import { applicationUriOf, type OwnCertificate, readOwnCertificate } from './own-certificate.ts';
import { PlcError } from './plc-error.ts';
import { type ChannelEdge, type ChannelSecurity, SecureChannel } from './secure-channel.ts';
import { readTrust, trustedCertificate } from './server-trust.ts';

/** A channel that is as secure as it is configured, and what is known of who is at its other end. */
export interface OpenedChannel {
  readonly channel: SecureChannel;
  readonly endpoint: EndpointDescription;
  readonly security: ChannelSecurity | undefined;
  readonly trusted: X509Certificate | undefined;
  readonly applicationUri: string;
}

/** As OPC 10000-6, 6.2.2 wants one of an application without a certificate. */
const PLAIN_APPLICATION_URI = 'urn:medkit:opcua-client';

/** Opens it. Rejects with `PlcError` where the server does not offer that, or its certificate is not trusted. */
export async function openChannel(
  edge: ChannelEdge,
  security: SecurityOptions,
  user: UserOptions,
): Promise<OpenedChannel> {
  checkSecurity(security);
  const own = await ownCertificate(security, edge.clock.wallMs());
  const applicationUri = security.applicationUri ?? (own && applicationUriOf(own.certificate)) ?? PLAIN_APPLICATION_URI;
  // What is wrong with a list of what is not trusted any more is said before a server is contacted.
  const isChecked = own !== undefined && security.rejectsUntrusted;
  const trust = isChecked ? await readTrust(edge.library, security.trustListPaths) : undefined;
  const discovery = await SecureChannel.open(edge);
  try {
    const endpoint = chooseEndpoint(await endpointsOf(discovery), security);
    const question = { ...edge, endpoint, security, trust, nowMs: edge.clock.wallMs() };
    if (own === undefined) {
      const trusted = user.mode === 'UsernamePassword' ? await certificateForPassword(question, user) : undefined;
      return { channel: discovery, endpoint, security: undefined, trusted, applicationUri };
    }
    const server = await trustedCertificate(question);
    await discovery.close();
    const { policy, mode } = security;
    const secured = {
      policy: policyUri(policy) as PolicyUri,
      mode: edge.library.MessageSecurityMode[mode],
      own,
      server,
    };
    const channel = await SecureChannel.open(edge, secured);
    return { channel, endpoint, security: secured, trusted: server, applicationUri };
  } catch (error) {
    await discovery.close();
    throw error;
  }
}

async function endpointsOf(channel: SecureChannel): Promise<readonly EndpointDescription[]> {
  const { library, endpointUrl } = channel;
  const { endpoints } = await channel.request(
    new library.GetEndpointsRequest({ endpointUrl }),
    library.GetEndpointsResponse,
  );
  return endpoints ?? [];
}

async function ownCertificate(security: SecurityOptions, nowMs: number): Promise<OwnCertificate | undefined> {
  const { policy, certificatePath, keyPath, keyPassphrasePath, applicationUri } = security;
  if (policy === 'None' || certificatePath === undefined || keyPath === undefined) return undefined;
  const own = await readOwnCertificate(certificatePath, keyPath, {
    option: 'client_key_passphrase_path',
    path: keyPassphrasePath,
  });
  const { validTo } = own.certificate;
  if (nowMs > Date.parse(validTo))
    throw new PlcError(`the certificate of this client in ${certificatePath} expired on ${validTo}`);
  const uri = applicationUriOf(own.certificate);
  if (uri === undefined || (applicationUri !== undefined && applicationUri !== uri)) {
    throw new PlcError(
      `application_uri and the URI in the certificate ${certificatePath} are to be the same: found ${applicationUri ?? 'none'} and ${uri ?? 'none'}`,
    );
  }
  return own;
}

/** A password is encrypted for a server only where its certificate is trusted: somebody between could show his own. */
async function certificateForPassword(
  question: Parameters<typeof trustedCertificate>[0],
  user: Extract<UserOptions, { mode: 'UsernamePassword' }>,
): Promise<X509Certificate | undefined> {
  if (!question.endpoint.serverCertificate?.length) return undefined;
  try {
    return await trustedCertificate(question);
  } catch (error) {
    if (user.allowsCleartext) return undefined;
    throw error;
  }
}
