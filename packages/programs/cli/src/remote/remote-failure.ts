import {
  DEFAULT_GATEWAY_URL,
  GatewayRefused,
  GatewayUnreachable,
  InvalidName,
  NotAGateway,
  type SentRequest,
} from '@medkit/client';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { plainLine } from '../terminal/display-width.ts';

/** Translates client errors into `CommandFailed` with reason and advice. Returns other errors unchanged. */
export function remoteFailure(error: unknown): unknown {
  if (error instanceof GatewayUnreachable) return new CommandFailed(unreachable(error), ExitCode.noGateway);
  if (error instanceof NotAGateway) return new CommandFailed(noGateway(error), ExitCode.noGateway);
  if (error instanceof InvalidName) return new CommandFailed(error.message, ExitCode.usage);
  if (error instanceof GatewayRefused) return new CommandFailed(refused(error), refusalCode(error));
  return error;
}

const originOf = ({ url }: SentRequest) => new URL(url).origin;
const isDefault = (request: SentRequest) => originOf(request) === DEFAULT_GATEWAY_URL;

/** Reasons and advice by error code of the system or Node. */
const REASONS: Readonly<Record<string, (request: SentRequest) => string>> = {
  ECONNREFUSED: ({ url }) => {
    const medkit = invocation(process.env);
    const { hostname } = new URL(url);
    const isHere = /^(?:127\.|localhost$|\[::1\]$)/.test(hostname);
    const start = isHere
      ? `start one with \`${medkit} up\` (or \`${medkit} demo\`), or set the address of another with --url or MEDKIT_URL`
      : `start one on that machine with \`${medkit} up --host …\`; without --host it listens on loopback only`;
    return `connection refused: ${start}`;
  },
  ENOTFOUND: ({ url }) =>
    `unknown host name ${new URL(url).hostname}: check --url or MEDKIT_URL, or use the IP address`,
  EAI_AGAIN: ({ url }) =>
    `cannot resolve the host name ${new URL(url).hostname} at the moment: check the network, or use the IP address`,
  EHOSTUNREACH: () => 'host unreachable: check the network (cable, Wi-Fi, VPN)',
  ENETUNREACH: () => 'network unreachable: check the network (cable, Wi-Fi, VPN)',
  ETIMEDOUT: () => 'the host does not answer: check the address, and whether a firewall blocks the port',
  UND_ERR_CONNECT_TIMEOUT: () => 'the host does not answer: check the address, and whether a firewall blocks the port',
  TimeoutError: () =>
    'no response in time: the gateway may be busy, or a node does not answer; raise --timeout to wait longer',
  ECONNRESET: () => 'connection lost: the gateway may have restarted, or it uses https (try --url https://…)',
  UND_ERR_SOCKET: () => 'connection lost: the gateway may have restarted, or it uses https (try --url https://…)',
  ERR_SSL_WRONG_VERSION_NUMBER: () => 'it uses http, not https: try --url http://…',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: () => 'it uses http, not https: try --url http://…',
};
const CERTIFICATE = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/;

const isOfCertificate = ({ code }: NodeJS.ErrnoException) => CERTIFICATE.test(code ?? '');

/** Returns the certificate error behind a failed connection, or `undefined`. */
export function certificateCause({ cause }: GatewayUnreachable): NodeJS.ErrnoException | undefined {
  return causesOf(cause).find(isOfCertificate);
}

function unreachable({ request, cause }: GatewayUnreachable): string {
  const codes = causesOf(cause);
  const known = codes.map(({ code, name }) => REASONS[code ?? ''] ?? REASONS[name]).find((reason) => reason);
  const certificate = codes.find(isOfCertificate);
  const reason =
    known?.(request) ??
    (certificate
      ? `its certificate is not trusted (${certificate.message}): pass the certificate of its CA with --ca-file or MEDKIT_CA_FILE`
      : (codes.at(-1)?.message ?? String(cause)));
  return `no gateway at ${originOf(request)}: ${reason}`;
}

/** Maximum depth of nested causes. */
const MAX_CAUSES = 8;

/** Returns an error and its causes, outermost first. Of an AggregateError, follows the first error. */
function causesOf(error: unknown): readonly NodeJS.ErrnoException[] {
  const found: NodeJS.ErrnoException[] = [];
  for (let next: unknown = error; next instanceof Error && found.length < MAX_CAUSES; ) {
    found.push(next);
    next = next instanceof AggregateError ? next.errors[0] : next.cause;
  }
  return found;
}

function noGateway({ message, location, request }: NotAGateway): string {
  if (location !== undefined) return `${originOf(request)} redirects to ${location}: use that address with --url`;
  return `no gateway at ${originOf(request)}: ${message}; another program listens there, or a proxy intercepts the request`;
}

function refused({ request, status, code, message, parameters }: GatewayRefused): string {
  if (status === 401 && message.includes('certificate')) {
    const remedy = message.includes('--client-cert') ? '' : '; pass another one with --client-cert and --client-key';
    return `the gateway at ${originOf(request)} refused the connection: ${plainLine(message)}${remedy}`;
  }
  if (status === 401) {
    const login = `\`${invocation(process.env)} login${isDefault(request) ? '' : ` --url ${originOf(request)}`}\``;
    // The default message only explains the Authorization header, so it is omitted.
    const reason = message.includes('Authorization') ? '' : ` (${plainLine(message)})`;
    const others = 'or pass an API key or token with --token-file, MEDKIT_TOKEN_FILE or MEDKIT_TOKEN';
    return `the gateway at ${originOf(request)} requires authentication${reason}: log in with ${login}, ${others}`;
  }
  if (status === 421) {
    const names = `use another host name or its IP address in --url, or add this name to server.allowed_hosts of the gateway`;
    return `the gateway at ${originOf(request)} does not accept this host name: ${names}`;
  }
  const more = parameters.details;
  const details = typeof more === 'string' && !message.includes(more) ? `: ${more}` : '';
  const problems = fieldLines(parameters.fields).join('');
  return `${plainLine(message + details)} (${status} ${code})${advice(status, code, message, parameters)}${problems}`;
}

/** Problems of fields that are printed; a gateway reports at most 20. */
const MAX_FIELDS = 20;

/** Returns a line for each problem of a body that the gateway refused, such as `items[0].match: expected object`. */
function fieldLines(fields: unknown): readonly string[] {
  if (!Array.isArray(fields)) return [];
  const problems = fields.flatMap((each: unknown) => {
    const { field, message } = Object(each) as { readonly field?: unknown; readonly message?: unknown };
    if (typeof field !== 'string' || typeof message !== 'string') return [];
    return [`\n  ${plainLine(`${field === '' ? 'the body' : field}: ${message}`)}`];
  });
  const omitted = problems.length - MAX_FIELDS;
  return [...problems.slice(0, MAX_FIELDS), ...(omitted > 0 ? [`\n  … and ${omitted} more`] : [])];
}

function advice(status: number, code: string, message: string, parameters: Readonly<Record<string, unknown>>): string {
  const suggestions = parameters.did_you_mean;
  if (typeof suggestions === 'string' && message.includes('did you mean')) return '';
  if (typeof suggestions === 'string') return `. Did you mean ${plainLine(suggestions)}?`;
  if (Array.isArray(suggestions) && suggestions.length > 0)
    return `. Did you mean ${plainLine(suggestions.join(' or '))}?`;
  if (status === 409 && code === 'lock-broken') {
    return `\nThe lock is held under another --client-id; \`${invocation(process.env)} lock <entity> --break\` takes it over`;
  }
  return '';
}

function refusalCode({ status }: GatewayRefused): ExitCode {
  if (status === 401 || status === 403 || status === 421) return ExitCode.notAllowed;
  if (status === 404) return ExitCode.notFound;
  return status >= 500 ? ExitCode.unavailable : ExitCode.refused;
}
