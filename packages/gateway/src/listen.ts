import { once } from 'node:events';
import type { ClientRequest } from 'node:http';
import { createServer, type Server } from 'node:net';
import type { Clock } from '@medkit/edges';
import type { FastifyInstance } from 'fastify';

// Not imported, as in the HTTP client of `edges/node`.
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

/** The gateway cannot start; the message is one line for the operator. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
  /** System error code, such as `EADDRINUSE`. */
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

export interface Place {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly clock: Clock;
  /** The setting that the error names, if it is not the host and port of the gateway. */
  readonly setting?: string;
}

/** Long enough for a gateway on this machine to identify itself. */
const PROBE_TIMEOUT_MS = 1000;
const MAX_PROBE_LENGTH = 65_536;

/** Checks that the gateway can listen before it joins the robot. Throws as `listen` does. */
export async function checkListenAddress(place: Place): Promise<void> {
  const { host, port } = place;
  const probe = createServer();
  try {
    await once(probe.listen({ host, port }), 'listening');
  } catch (error) {
    throw await refusalOf(error as NodeJS.ErrnoException, place);
  }
  await once(probe.close(), 'close');
}

/** Listens and returns the port. Throws `StartRefused` with the reason and a remedy. */
export async function listen(app: FastifyInstance | Server, place: Place): Promise<number> {
  const { host, port } = place;
  const server = 'server' in app ? app.server : app;
  try {
    if ('server' in app) await app.listen({ host, port });
    else await once(app.listen({ host, port }), 'listening');
  } catch (error) {
    throw await refusalOf(error as NodeJS.ErrnoException, place);
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

async function refusalOf(error: NodeJS.ErrnoException, place: Place): Promise<StartRefused> {
  return new StartRefused(await reason(error, place), error.code);
}

async function reason(
  { code, message }: NodeJS.ErrnoException,
  { host, port, clock, setting }: Place,
): Promise<string> {
  const [hostOption, portOption] = setting === undefined ? ['--host', '--port'] : [setting, setting];
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (code === 'EADDRINUSE')
    return `${place} is already in use${await byWhom(place, clock)}; choose another port with ${portOption}`;
  if (code === 'EACCES')
    return `this user has no permission to listen on ${place}; choose a port of 1024 or higher with ${portOption}`;
  if (code === 'EADDRNOTAVAIL') return `${host} is not an address of this machine; correct ${hostOption}`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `${host} is not a name of this machine; correct ${hostOption}`;
  return `cannot listen on ${place}: ${message}`;
}

/** Returns whether the program at the address is a gateway, as text for the error. */
async function byWhom(place: string, clock: Clock): Promise<string> {
  return (await isGatewayAt(place, clock)) ? ' by another SOVD gateway' : '';
}

/** Returns whether a gateway listens at `127.0.0.1:8080`, over HTTP or HTTPS. Sends no secrets. */
export async function isGatewayAt(place: string, clock: Clock): Promise<boolean> {
  const abort = new AbortController();
  const patience = clock.after(PROBE_TIMEOUT_MS, () => abort.abort());
  const path = `${place}/api/v1/version-info`;
  const texts = await Promise.all([
    textOf(http.get(`http://${path}`, { signal: abort.signal })),
    // Only the identity is read, so the certificate need not be trusted.
    textOf(https.get(`https://${path}`, { signal: abort.signal, rejectUnauthorized: false })),
  ]);
  patience.cancel();
  return texts.some((text) => /"(?:sovd_info|error_code)":/.test(text));
}

/** Returns the response as text; empty if there is none. Stops reading a response that is longer than a gateway's. */
function textOf(request: ClientRequest): Promise<string> {
  return new Promise((resolve) => {
    request.once('error', () => resolve(''));
    request.once('response', (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_PROBE_LENGTH) request.destroy();
      });
      reply.once('close', () => resolve(text));
    });
  });
}
