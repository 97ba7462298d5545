import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Send } from '@medkit/client';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import type { OptionValues } from '../command/parse-arguments.ts';

/** Options for the certificate with which the command proves its identity. */
export const CERTIFICATE_OPTIONS = {
  'client-cert': { type: 'string' },
  'client-key': { type: 'string' },
} as const;

export const CERTIFICATE_OPTION_LINES = [
  [
    '--client-cert <file>',
    'PEM file with the client certificate, followed by intermediate ones (env MEDKIT_CLIENT_CERT)',
  ],
  ['--client-key <file>', 'PEM file with its private key; default: the file of --client-cert (env MEDKIT_CLIENT_KEY)'],
] as const;

interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/**
 * Returns a transport with the client certificate of options and environment for the gateway at `url`; `undefined` if
 * none is configured, or the gateway uses HTTP. Throws `CommandFailed` if the files cannot be used.
 */
export function clientCertificateSend(
  url: string,
  values: OptionValues,
  environment: NodeJS.ProcessEnv,
): Send | undefined {
  const [certFile, certFrom] = chosen(
    values['client-cert'],
    environment.MEDKIT_CLIENT_CERT,
    '--client-cert',
    'MEDKIT_CLIENT_CERT',
  );
  const [keyFile, keyFrom] = chosen(
    values['client-key'],
    environment.MEDKIT_CLIENT_KEY,
    '--client-key',
    'MEDKIT_CLIENT_KEY',
  );
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined) throw unusable(keyFrom, 'needs the certificate as well: add --client-cert');
  const certificate = certificateIn(
    certFile,
    certFrom,
    keyFile ?? certFile,
    keyFile === undefined ? certFrom : keyFrom,
  );
  return url.startsWith('https:') ? sendWith(certificate, new URL(url).origin) : undefined;
}

function chosen(
  option: OptionValues[string],
  variable: string | undefined,
  ...names: readonly [option: string, variable: string]
): readonly [file: string | undefined, name: string] {
  if (typeof option === 'string' && option !== '') return [option, names[0]];
  return [variable === '' ? undefined : variable, names[1]];
}

function certificateIn(certFile: string, certFrom: string, keyFile: string, keyFrom: string): ClientCertificate {
  const cert = textOf(certFile, certFrom);
  const key = textOf(keyFile, keyFrom);
  const certificate = readAs(certFrom, `${certFile} contains no PEM certificate`, () => new X509Certificate(cert));
  const privateKey = readAs(keyFrom, `${keyFile} contains no private key (PEM) without a passphrase`, () =>
    createPrivateKey(key),
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw unusable(keyFrom, `the key in ${keyFile} does not belong to the certificate in ${certFile}`);
  }
  if (certificate.validToDate.getTime() <= Date.now()) {
    throw unusable(certFrom, `the certificate in ${certFile} expired at ${certificate.validTo}: renew it`);
  }
  return { cert, key };
}

function textOf(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unusable(name, (error as Error).message);
  }
}

function readAs<T>(name: string, problem: string, read: () => T): T {
  try {
    return read();
  } catch {
    // The message of OpenSSL does not name the file.
    throw unusable(name, problem);
  }
}

const unusable = (name: string, problem: string) => new CommandFailed(`${name}: ${problem}`, ExitCode.usage);

/** Replies without a body, with which `Response` refuses one. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** Sends requests to one origin with a client certificate, which `fetch` cannot do; all others with `fetch`. */
function sendWith(certificate: ClientCertificate, origin: string): Send {
  const { Agent, request } = process.getBuiltinModule('node:https');
  const agent = new Agent({ keepAlive: true, ...certificate });
  return async (url, init) => {
    if (new URL(url).origin !== origin) return fetch(url, init);
    // Encodes forms and sets their content type.
    const { headers, body } = new Request(url, { ...init, signal: null });
    const octets = body ? Buffer.from(await new Response(body).arrayBuffer()) : undefined;
    const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<Send>>>();
    const { method = 'GET', signal } = init;
    const length = octets ? { 'content-length': String(octets.length) } : {};
    const sent = request(url, {
      agent,
      method,
      headers: { ...Object.fromEntries(headers), ...length },
      ...(signal && { signal }),
    });
    sent.once('error', reject);
    sent.once('response', (reply) => {
      const { statusCode: status = 0 } = reply;
      const named = new Headers();
      for (const [name, values = []] of Object.entries(reply.headersDistinct))
        for (const value of values) named.append(name, value);
      if (WITHOUT_BODY.has(status)) reply.resume();
      resolve({
        ok: status >= 200 && status < 300,
        status,
        headers: named,
        body: WITHOUT_BODY.has(status) ? null : (Readable.toWeb(reply) as ReadableStream<Uint8Array>),
      } as Awaited<ReturnType<Send>>);
    });
    sent.end(octets);
    return promise;
  };
}
