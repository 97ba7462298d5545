import {
  type Asked,
  DEFAULT_GATEWAY_URL,
  GatewayRefused,
  GatewayUnreachable,
  InvalidName,
  NotAGateway,
} from '@medkit/client';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { plainLine } from '../terminal/display-width.ts';

/** What failed between this command and a gateway, told so that a person knows what to do. Other errors stay as they are. */
export function remoteFailure(error: unknown): unknown {
  if (error instanceof GatewayUnreachable) return new CommandFailed(unreachable(error), ExitCode.noGateway);
  if (error instanceof NotAGateway) return new CommandFailed(noGateway(error), ExitCode.noGateway);
  if (error instanceof InvalidName) return new CommandFailed(error.message, ExitCode.usage);
  if (error instanceof GatewayRefused) return new CommandFailed(refused(error), refusalCode(error));
  return error;
}

const originOf = ({ url }: Asked) => new URL(url).origin;
const isDefault = (asked: Asked) => originOf(asked) === DEFAULT_GATEWAY_URL;

/** Codes of the system and of Node, and what they mean for who asks. */
const REASONS: Readonly<Record<string, (asked: Asked) => string>> = {
  ECONNREFUSED: ({ url }) => {
    const medkit = invocation(process.env);
    const { hostname } = new URL(url);
    const isHere = /^(?:127\.|localhost$|\[::1\]$)/.test(hostname);
    const start = isHere
      ? `start one with \`${medkit} up\` (or \`${medkit} demo\`), or name another with --url or MEDKIT_URL`
      : `start one there with \`${medkit} up --host …\`; one that serves loopback alone is not heard from here`;
    return `nobody listens there (connection refused): ${start}`;
  },
  ENOTFOUND: ({ url }) =>
    `the name ${new URL(url).hostname} is not known: check --url or MEDKIT_URL, or use the IP address`,
  EAI_AGAIN: ({ url }) =>
    `the name ${new URL(url).hostname} cannot be looked up now: check the network, or use the IP address`,
  EHOSTUNREACH: () => 'that machine cannot be reached: check the network (cable, Wi-Fi, VPN)',
  ENETUNREACH: () => 'that network cannot be reached: check the network (cable, Wi-Fi, VPN)',
  ETIMEDOUT: () => 'that machine does not answer: check the address, and whether a firewall stands in between',
  UND_ERR_CONNECT_TIMEOUT: () =>
    'that machine does not answer: check the address, and whether a firewall stands in between',
  TimeoutError: () => 'no answer in time: it may be busy, or what it asks does not answer; --timeout waits longer',
  ECONNRESET: () => 'the connection broke: it may have been restarted, or it speaks https (try --url https://…)',
  UND_ERR_SOCKET: () => 'the connection broke: it may have been restarted, or it speaks https (try --url https://…)',
  ERR_SSL_WRONG_VERSION_NUMBER: () => 'it speaks http, not https: try --url http://…',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: () => 'it speaks http, not https: try --url http://…',
};
const CERTIFICATE = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/;

const isOfCertificate = ({ code }: NodeJS.ErrnoException) => CERTIFICATE.test(code ?? '');

/** What is wrong with the certificate of a gateway that cannot be reached for that. */
export function certificateCause({ cause }: GatewayUnreachable): NodeJS.ErrnoException | undefined {
  return causesOf(cause).find(isOfCertificate);
}

function unreachable({ asked, cause }: GatewayUnreachable): string {
  const codes = causesOf(cause);
  const known = codes.map(({ code, name }) => REASONS[code ?? ''] ?? REASONS[name]).find((reason) => reason);
  const certificate = codes.find(isOfCertificate);
  const reason =
    known?.(asked) ??
    (certificate
      ? `its certificate is not trusted (${certificate.message}): name the one of who vouches for it with --ca-file or MEDKIT_CA_FILE`
      : (codes.at(-1)?.message ?? String(cause)));
  return `no gateway at ${originOf(asked)}: ${reason}`;
}

/** Errors within each other are followed so far. */
const MAX_CAUSES = 8;

/** An error and what it was caused by, the outermost first; of several addresses that were tried, the first. */
function causesOf(error: unknown): readonly NodeJS.ErrnoException[] {
  const found: NodeJS.ErrnoException[] = [];
  for (let next: unknown = error; next instanceof Error && found.length < MAX_CAUSES; ) {
    found.push(next);
    next = next instanceof AggregateError ? next.errors[0] : next.cause;
  }
  return found;
}

function noGateway({ message, location, asked }: NotAGateway): string {
  if (location !== undefined) return `${originOf(asked)} sends its clients to ${location}: try that as --url`;
  return `no gateway at ${originOf(asked)}: ${message}; another program listens there, or a proxy stands in between`;
}

function refused({ asked, status, code, message, parameters }: GatewayRefused): string {
  if (status === 401) {
    const login = `\`${invocation(process.env)} login${isDefault(asked) ? '' : ` --url ${originOf(asked)}`}\``;
    // Unless it says more than how a program sends what it has.
    const why = message.includes('Authorization') ? '' : ` (${plainLine(message)})`;
    const others = '--token-file, MEDKIT_TOKEN_FILE or MEDKIT_TOKEN give a key or token';
    return `the gateway at ${originOf(asked)} asks who you are${why}: ${login} asks for name and password; ${others}`;
  }
  if (status === 421) {
    const names = `use another name or its IP address in --url, or add this one to server.allowed_hosts there`;
    return `the gateway at ${originOf(asked)} does not go by that name: ${names}`;
  }
  const more = parameters.details;
  const details = typeof more === 'string' && !message.includes(more) ? `: ${more}` : '';
  return `${plainLine(message + details)} (${status} ${code})${advice(status, code, message, parameters)}`;
}

function advice(status: number, code: string, message: string, parameters: Readonly<Record<string, unknown>>): string {
  const meant = parameters.did_you_mean;
  if (typeof meant === 'string' && message.includes('did you mean')) return '';
  if (typeof meant === 'string') return `. Did you mean ${plainLine(meant)}?`;
  if (Array.isArray(meant) && meant.length > 0) return `. Did you mean ${plainLine(meant.join(' or '))}?`;
  if (status === 409 && code === 'lock-broken') {
    return `\nIts holder goes by another --client-id; \`${invocation(process.env)} lock <entity> --break\` takes a lock over`;
  }
  return '';
}

function refusalCode({ status }: GatewayRefused): ExitCode {
  if (status === 401 || status === 403 || status === 421) return ExitCode.notAllowed;
  if (status === 404) return ExitCode.notFound;
  return status >= 500 ? ExitCode.unavailable : ExitCode.refused;
}
