import type { X509Certificate } from 'node:crypto';
import type { Log } from '@medkit/core';
import type { EndpointDescription, SecurityPolicy as PolicyUri } from 'node-opcua-client';
import { PlcError } from '../plc-error.ts';
import {
  type ApplicationCertificate,
  applicationUriOf,
  readApplicationCertificate,
} from '../security/application-certificate.ts';
import { unmetRequirements } from '../security/certificate-demands.ts';
import { checkSecurity } from '../security/check-security.ts';
import { generatedClientCertificate } from '../security/client-certificate-files.ts';
import type { SecurityOptions, UserOptions } from '../security/security-options.ts';
import { chooseEndpoint, policyUri } from './endpoint-choice.ts';
import { isCertificateProblem, meaningOf } from './refusal-meaning.ts';
import { type ChannelEdge, type ChannelSecurity, SecureChannel } from './secure-channel.ts';
import { readTrust, trustedCertificate } from './server-trust.ts';

/** A channel with the configured security, and the properties of its server. */
export interface OpenedChannel {
  readonly channel: SecureChannel;
  readonly endpoint: EndpointDescription;
  readonly security: ChannelSecurity | undefined;
  readonly trusted: X509Certificate | undefined;
  readonly applicationUri: string;
}

/** Properties of the channel, and the log for actions of this client. */
export type ClientEdge = ChannelEdge & { readonly log?: Log };

/** Some servers send nothing to a client that they do not trust. */
const CLOSED = 'the server closed the connection';
const CLOSED_MEANING =
  "a server does so if it does not trust this client's certificate: add it to the server's trust list";

/** Application URI of a client without a certificate, as required by OPC 10000-6, 6.2.2. */
const PLAIN_APPLICATION_URI = 'urn:medkit:opcua-client';

/**
 * Opens a channel. Rejects with `PlcError` if the server does not offer the configured security or its certificate is
 * not trusted.
 */
export async function openChannel(
  edge: ClientEdge,
  security: SecurityOptions,
  user: UserOptions,
): Promise<OpenedChannel> {
  checkSecurity(security);
  const client = await clientCertificate(edge, security);
  const applicationUri =
    security.applicationUri ?? (client && applicationUriOf(client.certificate)) ?? PLAIN_APPLICATION_URI;
  // Problems of a revocation list are reported before a server is contacted.
  const isChecked = client !== undefined && security.rejectsUntrusted;
  const trust = isChecked ? await readTrust(edge.library, security.trustListPaths) : undefined;
  const discovery = await SecureChannel.open(edge);
  try {
    const endpoint = chooseEndpoint(await endpointsOf(discovery), security);
    const question = { ...edge, endpoint, security, trust, nowMs: edge.clock.wallMs() };
    if (client === undefined) {
      const trusted = user.mode === 'UsernamePassword' ? await certificateForPassword(question, user) : undefined;
      return { channel: discovery, endpoint, security: undefined, trusted, applicationUri };
    }
    const server = await trustedCertificate(question);
    await discovery.close();
    const { policy, mode } = security;
    const secured = {
      policy: policyUri(policy) as PolicyUri,
      mode: edge.library.MessageSecurityMode[mode],
      client,
      server,
    };
    const channel = await SecureChannel.open(edge, secured).catch((error: unknown) => {
      throw explainRefusal(error, client);
    });
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

async function clientCertificate(
  { library, clock, log = () => undefined }: ClientEdge,
  security: SecurityOptions,
): Promise<ApplicationCertificate | undefined> {
  const { policy, keyPassphrasePath, applicationUri } = security;
  if (policy === 'None') return undefined;
  const nowMs = clock.wallMs();
  const { certificatePath, keyPath } = await certificateFiles(security, nowMs, log);
  if (certificatePath === undefined || keyPath === undefined) return undefined;
  const client = await readApplicationCertificate(certificatePath, keyPath, {
    option: 'client_key_passphrase_path',
    path: keyPassphrasePath,
  });
  const { validTo } = client.certificate;
  if (nowMs > Date.parse(validTo))
    throw new PlcError(`the client certificate ${certificatePath} expired on ${validTo}`);
  const uri = applicationUriOf(client.certificate);
  if (uri === undefined || (applicationUri !== undefined && applicationUri !== uri)) {
    throw new PlcError(
      `application_uri and the URI in the certificate ${certificatePath} must be equal: found ${applicationUri ?? 'none'} and ${uri ?? 'none'}`,
    );
  }
  const lacks = unmetRequirements(library, client.certificate);
  return {
    ...client,
    lacks: lacks.length === 0 ? '' : `the client certificate ${certificatePath} lacks ${lacks.join(', ')}`,
  };
}

/** Returns the configured files, or those of the generated certificate. */
async function certificateFiles(security: SecurityOptions, nowMs: number, log: Log) {
  const { certificatePath, keyPath, generatedPath: folder, applicationUri } = security;
  if (certificatePath !== undefined || keyPath !== undefined || folder === undefined)
    return { certificatePath, keyPath };
  return generatedClientCertificate({ folder, applicationUri, nowMs }, ({ derPath, thumbprint, ...made }) => {
    log(
      'info',
      `made a certificate for this client, thumbprint ${thumbprint}, application ${made.applicationUri}: add ${derPath} to the trust list of each PLC`,
    );
  });
}

/**
 * Explains why a secured channel or session was refused, including the deficiencies of this client's certificate if
 * they may be the reason.
 */
export function explainRefusal(error: unknown, client: ApplicationCertificate | undefined): unknown {
  if (!(error instanceof PlcError)) return error;
  const { message, status } = error;
  const isDropped = client !== undefined && message.endsWith(CLOSED);
  const meaning = isDropped ? `${CLOSED_MEANING}` : meaningOf(status);
  const lacks = client !== undefined && (isDropped || isCertificateProblem(status)) ? client.lacks : '';
  const details = [meaning, lacks].filter((each) => each !== undefined && each !== '');
  return details.length === 0 ? error : new PlcError(`${message}: ${details.join('; ')}`, status);
}

/**
 * A password is only encrypted for a trusted certificate: an attacker between client and server could present another
 * one.
 */
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
