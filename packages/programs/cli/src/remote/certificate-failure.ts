import { GatewayUnreachable } from '@medkit/client';
import { factsOf } from '@medkit/gateway/certificate';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { certificateCause } from './remote-failure.ts';
import { shownCertificate } from './shown-certificate.ts';

/**
 * Why the certificate of a gateway is not trusted, with what it shows and what a person can do; `undefined` where something else failed, or
 * the gateway shows nothing now.
 */
export async function certificateFailure(error: unknown): Promise<CommandFailed | undefined> {
  if (!(error instanceof GatewayUnreachable)) return undefined;
  const cause = certificateCause(error);
  if (cause === undefined) return undefined;
  const { origin, hostname } = new URL(error.asked.url);
  const certificate = await shownCertificate(origin).catch(() => undefined);
  if (certificate === undefined) return undefined;
  const { fingerprint, isSelfSigned, names } = factsOf(certificate);
  const begun = `no gateway that is trusted at ${origin}: its certificate`;
  if (cause.code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const known = names.map((name) => name.replace(/^[^:]*:/, '')).join(', ');
    return failed(
      `${begun} is not for ${hostname} but for ${known}: use one of these in --url, or have it made for this name`,
    );
  }
  if (isSelfSigned && cause.code !== 'CERT_HAS_EXPIRED') {
    const compare = 'Compare it with the one in the log of the gateway, or in `x-medkit-tls` of its health';
    return failed(
      `${begun} vouches for itself, and is ${fingerprint}. ${compare}; if they are the same, add --fingerprint ${fingerprint}, or set MEDKIT_FINGERPRINT`,
    );
  }
  return undefined;
}

const failed = (message: string) => new CommandFailed(message, ExitCode.noGateway);
