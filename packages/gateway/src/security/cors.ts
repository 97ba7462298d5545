import type { GatewayConfig } from '../config/index.ts';

type CorsConfig = GatewayConfig['cors'];

/** Request headers that SOVD clients send, allowed whatever the configuration lists. */
const ALWAYS_ALLOWED = ['X-Client-Id', 'Last-Event-ID', 'If-None-Match', 'Authorization', 'traceparent', 'tracestate'];

const EXPOSED = [
  'Content-Disposition',
  'Content-Length',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'Retry-After',
  'ETag',
  'Location',
].join(', ');

export interface Cors {
  readonly enabled: boolean;
  allows(origin: string): boolean;
  /** Response headers for an allowed origin. */
  headers(origin: string): Readonly<Record<string, string>>;
  /** Additional response headers for a preflight request. */
  readonly preflightHeaders: Readonly<Record<string, string>>;
}

/** Returns the configured CORS rules. Without allowed origins, no CORS header is sent. */
export function cors(config: CorsConfig): Cors {
  const origins = new Set(config.allowed_origins.filter((origin) => origin !== ''));
  const names = [...config.allowed_headers, ...ALWAYS_ALLOWED];
  const distinct = new Map(names.map((name) => [name.toLowerCase(), name]));
  const fixed = {
    'Access-Control-Allow-Methods': config.allowed_methods.join(', '),
    'Access-Control-Allow-Headers': [...distinct.values()].join(', '),
    'Access-Control-Expose-Headers': EXPOSED,
    ...(config.allow_credentials && { 'Access-Control-Allow-Credentials': 'true' }),
  };
  return {
    enabled: origins.size > 0,
    allows: (origin) => origins.has('*') || origins.has(origin),
    headers: (origin) => ({ 'Access-Control-Allow-Origin': origin, ...fixed }),
    preflightHeaders: { 'Access-Control-Max-Age': String(config.max_age_seconds) },
  };
}
