import type { X509Certificate } from 'node:crypto';
import type { EndpointDescription, SecurityPolicy as PolicyUri, UserTokenPolicy } from 'node-opcua-client';
import type { OpcuaLibrary } from '../opcua-library.ts';
import { PlcError } from '../plc-error.ts';
import { readApplicationCertificate } from '../security/application-certificate.ts';
import { readSecret } from '../security/secret-file.ts';
import type { UserOptions } from '../security/security-options.ts';
import { policyUri } from './endpoint-choice.ts';

/** Input for the user's identity token. */
export interface TokenScene {
  readonly library: OpcuaLibrary;
  readonly endpoint: EndpointDescription;
  /** The certificate of the server if it is trusted; without it, nothing is encrypted for it. */
  readonly server: X509Certificate | undefined;
  readonly serverNonce: Buffer;
}

/** Strongest first (OPC 10000-7); the other policies of OPC UA are deprecated and never used. */
const POLICIES: readonly string[] = (['Aes256Sha256RsaPss', 'Aes128Sha256RsaOaep', 'Basic256Sha256'] as const).map(
  policyUri,
);
const NONE = policyUri('None');
/** OPC 10000-4, 7.42. */
const TOKEN_TYPES = { Anonymous: 0, UsernamePassword: 1, X509: 2 } as const;

/**
 * Returns the user's identity token in a form that the server accepts (OPC 10000-4, 7.41). Rejects with `PlcError` if
 * there is none or it would be insecure.
 */
export async function userToken(user: UserOptions, scene: TokenScene) {
  const { library } = scene;
  const offered = (scene.endpoint.userIdentityTokens ?? []).filter(
    ({ tokenType }) => tokenType === TOKEN_TYPES[user.mode],
  );
  if (offered.length === 0) {
    throw new PlcError(
      `the server does not accept user_auth_mode ${user.mode} at this endpoint; it accepts ${takenBy(scene.endpoint)}`,
    );
  }
  switch (user.mode) {
    case 'Anonymous':
      return { token: new library.AnonymousIdentityToken({ policyId: offered[0]!.policyId }) };
    case 'UsernamePassword':
      return { token: await passwordToken(user, offered, scene) };
    case 'X509':
      return certificateToken(user, offered, scene);
  }
}

async function passwordToken(
  user: Extract<UserOptions, { mode: 'UsernamePassword' }>,
  offered: readonly UserTokenPolicy[],
  { library, endpoint, server, serverNonce }: TokenScene,
) {
  const password = Buffer.from(await passwordOf(user), 'utf8');
  const secured = strongest(offered, endpoint);
  if (secured && server) {
    const factory = library.getCryptoFactory(secured.uri as PolicyUri)!;
    const secret = Buffer.alloc(4 + password.length + serverNonce.length);
    secret.writeUInt32LE(password.length + serverNonce.length, 0);
    password.copy(secret, 4);
    serverNonce.copy(secret, 4 + password.length);
    return new library.UserNameIdentityToken({
      policyId: secured.policy.policyId,
      userName: user.username,
      password: factory.asymmetricEncrypt(secret, server.publicKey as never),
      encryptionAlgorithm: factory.asymmetricEncryptionAlgorithm,
    });
  }
  const plain = offered.find((policy) => uriOf(policy, endpoint) === NONE);
  if (plain === undefined) {
    throw new PlcError(
      'the server accepts passwords only with an insecure algorithm, or with a certificate that is not trusted here',
    );
  }
  const isEncrypted = endpoint.securityMode === library.MessageSecurityMode.SignAndEncrypt;
  if (!isEncrypted && !user.allowsCleartext) {
    throw new PlcError(
      'the password would be sent in clear text: use security_mode SignAndEncrypt, or set allow_cleartext_password on a trusted network',
    );
  }
  return new library.UserNameIdentityToken({ policyId: plain.policyId, userName: user.username, password });
}

async function certificateToken(
  user: Extract<UserOptions, { mode: 'X509' }>,
  offered: readonly UserTokenPolicy[],
  { library, endpoint, serverNonce }: TokenScene,
) {
  const secured = strongest(offered, endpoint);
  if (secured === undefined) throw new PlcError('the server accepts user certificates only with an insecure algorithm');
  const { certificate, key } = await readApplicationCertificate(user.certificatePath, user.keyPath, {
    option: 'user_key_passphrase_path',
    path: user.keyPassphrasePath,
  });
  const { serverCertificate } = endpoint;
  const token = new library.X509IdentityToken({ policyId: secured.policy.policyId, certificateData: certificate.raw });
  const signature = await library.computeSignatureAsync(
    serverCertificate,
    serverNonce,
    { hidden: key },
    secured.uri as PolicyUri,
  );
  if (signature === undefined)
    throw new PlcError('the server has no certificate, which the signature of a user requires');
  return { token, signature };
}

function strongest(offered: readonly UserTokenPolicy[], endpoint: EndpointDescription) {
  const found = offered
    .map((policy) => ({ policy, uri: uriOf(policy, endpoint) }))
    .filter(({ uri }) => POLICIES.includes(uri));
  return found.toSorted((a, b) => POLICIES.indexOf(a.uri) - POLICIES.indexOf(b.uri))[0];
}

/** A user token policy without a security policy uses the endpoint's (OPC 10000-4, 7.42). */
function uriOf({ securityPolicyUri }: UserTokenPolicy, endpoint: EndpointDescription): string {
  return securityPolicyUri || endpoint.securityPolicyUri || NONE;
}

async function passwordOf({
  password,
  passwordFile,
}: Extract<UserOptions, { mode: 'UsernamePassword' }>): Promise<string> {
  return passwordFile === undefined ? (password ?? '') : readSecret('password_file', passwordFile);
}

function takenBy({ userIdentityTokens }: EndpointDescription): string {
  const names = Object.entries(TOKEN_TYPES).flatMap(([name, type]) =>
    (userIdentityTokens ?? []).some(({ tokenType }) => tokenType === type) ? [name] : [],
  );
  return names.join(', ') || 'none that medkit supports';
}
