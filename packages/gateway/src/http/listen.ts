import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Clock } from '@medkit/edges';
import type { FastifyInstance } from 'fastify';

/** The gateway cannot start; the message is one line for the person who started it. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
  /** The system's own code, such as `EADDRINUSE`. */
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

export interface Place {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly clock: Clock;
}

/** Long enough for a gateway on this machine to say what it is. */
const PROBE_TIMEOUT_MS = 1000;

/**
 * Tries whether a gateway could listen, so that it is refused before it joins a robot and not after. Throws as `listen`
 * does.
 */
export async function tryPlace(place: Place): Promise<void> {
  const { host, port } = place;
  const probe = createServer();
  try {
    await once(probe.listen({ host, port }), 'listening');
  } catch (error) {
    throw await refusalOf(error as NodeJS.ErrnoException, place);
  }
  await once(probe.close(), 'close');
}

/** Listens, and gives the port. Throws `StartRefused` with what is in the way and what to do about it. */
export async function listen(app: FastifyInstance, place: Place): Promise<number> {
  const { host, port } = place;
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw await refusalOf(error as NodeJS.ErrnoException, place);
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

async function refusalOf(error: NodeJS.ErrnoException, place: Place): Promise<StartRefused> {
  return new StartRefused(await reason(error, place), error.code);
}

async function reason({ code, message }: NodeJS.ErrnoException, { host, port, clock }: Place): Promise<string> {
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (code === 'EADDRINUSE') return `${place} is taken${await byWhom(place, clock)}; choose another with --port`;
  if (code === 'EACCES') return `${place} may not be listened on by this user; choose a --port of 1024 or more`;
  if (code === 'EADDRNOTAVAIL') return `${host} is no address of this machine; see --host`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `${host} is no name of this machine; see --host`;
  return `cannot listen on ${place}: ${message}`;
}

/** Asks whoever is there whether it is a gateway too. */
async function byWhom(place: string, clock: Clock): Promise<string> {
  const abort = new AbortController();
  const patience = clock.after(PROBE_TIMEOUT_MS, () => abort.abort());
  try {
    const reply = await fetch(`http://${place}/api/v1/version-info`, { signal: abort.signal });
    const { items } = (await reply.json()) as { items: { vendor_info: { name: string } }[] };
    return items.length > 0 ? ' by another SOVD gateway' : '';
  } catch {
    return '';
  } finally {
    patience.cancel();
  }
}
