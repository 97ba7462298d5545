import { SovdError } from '@medkit/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config/index.ts';
import { cors } from '../security/cors.ts';
import { hasSingleHost, hostNames } from '../security/host-names.ts';
import { originVerdict } from '../security/origin.ts';
import { MAX_URL_BYTES, urlTooLong } from './public-error.ts';
import { forwardedPrefix, publicUrl } from './public-url.ts';

/** Lets a request pass, throws an error, or answers it (a preflight request) and returns `answered`. */
export type Gate = (request: FastifyRequest, reply: FastifyReply) => 'pass' | 'answered';

/**
 * Checks host and origin before anything else. The host name must be one of this gateway's; a page must have the
 * gateway's origin or an allowed one, unless it loads a static file.
 */
export function gate(config: Pick<GatewayConfig, 'server' | 'cors'>, machineName: string): Gate {
  const { host: boundHost, allowed_hosts } = config.server;
  const url = publicUrl(config);
  const outside = url === undefined ? undefined : new URL(url);
  const allowedHosts = outside ? [...allowed_hosts, outside.hostname] : allowed_hosts;
  const isOurName = hostNames({ boundHost, machineName, allowedHosts });
  const rules = cors(config.cors);
  const prefixOf = forwardedPrefix(config.server.trusted_proxies);

  return (request, reply) => {
    const { headers, method, httpVersion, url = '' } = request.raw;
    // The `Host` header, unless a trusted proxy forwards another host.
    const { host } = request;
    if (url.length > MAX_URL_BYTES) throw urlTooLong();
    if (!hasSingleHost(request.raw)) throw severalHosts();
    if (headers.host === undefined ? httpVersion !== '1.0' : !isOurName(headers.host)) throw foreignHost(headers.host);
    if (host !== (headers.host ?? '') && !isOurName(host)) throw foreignHost(host);
    request.pathPrefix = prefixOf(request.raw);

    const verdict = originVerdict(request.raw, host, rules.allows, outside?.origin);
    if (rules.enabled) reply.header('Vary', 'Origin');
    if (verdict === 'allowed') reply.headers(rules.headers(headers.origin!));
    const { isStatic } = request.routeOptions.config;
    if (verdict === 'foreign' && !isStatic) throw foreignOrigin(headers.origin);
    if (method === 'OPTIONS' && rules.enabled) {
      if (verdict !== 'allowed') throw foreignOrigin(headers.origin);
      reply.code(204).headers(rules.preflightHeaders).send();
      return 'answered';
    }

    return 'pass';
  };
}

function severalHosts(): SovdError {
  const message = 'The request must name exactly one host: one Host header, equal to the host in an absolute address';
  return new SovdError({ code: 'invalid-request', message });
}

function foreignHost(host = ''): SovdError {
  const message = 'This gateway does not accept this host name; to accept it, add it to server.allowed_hosts';
  return new SovdError({ code: 'forbidden', status: 421, message, parameters: { host } });
}

function foreignOrigin(origin: string | undefined): SovdError {
  const message =
    'Web pages of this origin may not use the gateway. If this is the address of the gateway behind a proxy, set server.public_url or have the proxy pass the Host header. If it is another page, add its origin to cors.allowed_origins';
  return new SovdError({ code: 'forbidden', message, ...(origin !== undefined && { parameters: { origin } }) });
}
