import type { Setting } from './setting.ts';

/** Settings of the HTTP server: addresses, access and limits. */
export const SERVER_SETTINGS = {
  compat: {
    type: 'text',
    default: '',
    flag: 'compat',
    since: '0.1.0',
    matches: { pattern: /^(?:ros2_medkit)?$/, meaning: 'ros2_medkit, the only profile' },
    about:
      '`ros2_medkit` uses the defaults of ros2_medkit: every entity serves every topic (`data_provider.foreign_topics`), a source can heal the faults of other sources (`fault_manager.shared_healing`), the gateway listens on all addresses without accounts (`server.host`, `server.insecure`), and discovered gateways need no approval (`aggregation.trusted_networks`). Use it only in trusted networks. Explicit settings take precedence.',
  },
  'server.host': {
    type: 'text',
    default: '127.0.0.1',
    flag: 'host',
    since: '0.1.0',
    about: 'Address to listen on. An address that other machines can reach needs `server.token` or `server.insecure`.',
  },
  'server.port': {
    type: 'integer',
    default: 8080,
    min: 1024,
    max: 65_535,
    outside: 'default',
    special: { value: 0, meaning: 'the system chooses' },
    flag: 'port',
    since: '0.1.0',
    about: 'TCP port to listen on.',
  },
  'server.token': {
    type: 'text',
    default: '',
    secret: true,
    since: '0.1.0',
    about: 'If set, every request must send it as `Authorization: Bearer <token>`.',
  },
  'server.token_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'File with `server.token`, which keeps it out of the configuration and the environment. The systemd credential `server.token` does the same.',
  },
  'server.insecure': {
    type: 'boolean',
    default: false,
    flag: 'insecure',
    since: '0.1.0',
    about:
      'Allows other machines to connect without a token: every client that can reach the port can read and command the robot.',
  },
  'server.allowed_hosts': {
    type: 'list',
    default: [],
    flag: 'allowed-host',
    since: '0.1.0',
    about:
      'Host names of the gateway, in addition to IP addresses, `localhost` and the name of this machine. Requests with any other `Host` are refused, which prevents DNS rebinding.',
  },
  'server.public_url': {
    type: 'text',
    default: '',
    since: '0.1.0',
    matches: {
      pattern: /^(?:https?:\/\/(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?(?:\/(?!api\/v1)[\w.~%-]+)*\/?)?$/i,
      meaning: 'an address such as https://fleet.example/robot-7, without /api/v1 and without a query',
    },
    about:
      'Public address of this gateway, such as `https://fleet.example/robot-7` behind a proxy. It is the base of links that leave this machine: `Location` headers, the default `source` of webhooks, the server in the OpenAPI document, and `GET /api/v1/`. Its host name need not be in `server.allowed_hosts`, and pages of its origin may use the gateway. A proxy may pass its path on or remove it.',
  },
  'server.trusted_proxies': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Addresses and networks of proxies in front of this gateway, such as `10.0.0.2` or `10.0.8.0/24`. The gateway trusts only these for `X-Forwarded-For` (the client, for the audit log) and `X-Forwarded-Host`, `-Proto` and `-Prefix` (the address that the client uses, for links and pages).',
  },
  'server.keep_alive_timeout_sec': {
    type: 'integer',
    default: 2,
    min: 1,
    max: 3600,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Seconds after which an idle connection is closed.',
  },
  'server.max_body_bytes': {
    type: 'integer',
    default: 4_194_304,
    min: 1024,
    max: 1_073_741_824,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Maximum size in bytes of a JSON body with a message for the robot: a data write or the arguments of an operation. Large bodies are parsed one at a time.',
  },
  'server.max_json_bytes': {
    type: 'integer',
    default: 1_048_576,
    min: 1024,
    max: 1_073_741_824,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Maximum size in bytes of all other JSON bodies; at most `server.max_body_bytes`.',
  },
  'cors.allowed_origins': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about: 'Origins of web pages that may use the API, such as `https://ui.example.com`. Empty: none.',
  },
  'cors.allowed_methods': {
    type: 'list',
    default: ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS'],
    since: '0.1.0',
    about: 'Methods that these pages may use.',
  },
  'cors.allowed_headers': {
    type: 'list',
    default: ['Content-Type', 'Accept', 'Authorization', 'Last-Event-ID', 'X-Client-Id'],
    since: '0.1.0',
    about: 'Request headers that these pages may set.',
  },
  'cors.allow_credentials': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about: 'Allows these pages to send credentials. Refused together with the origin `*`.',
  },
  'cors.max_age_seconds': {
    type: 'integer',
    default: 86_400,
    min: 0,
    max: 2_147_483_647,
    outside: 'default',
    since: '0.1.0',
    about: 'Seconds for which a browser may cache the reply to a preflight request.',
  },
  'sse.max_clients': {
    type: 'integer',
    default: 1000,
    min: 1,
    max: 4000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Maximum number of open event streams; further streams are answered with 503.',
  },
  'sse.max_subscriptions': {
    type: 'integer',
    default: 100,
    min: 1,
    max: 10_000,
    outside: 'default',
    since: '0.1.0',
    about: 'Maximum number of cyclic subscriptions; further subscriptions are answered with 503.',
  },
  'sse.max_duration_sec': {
    type: 'integer',
    default: 3600,
    min: 1,
    max: 2_147_483_647,
    outside: 'default',
    since: '0.1.0',
    about: 'Maximum duration of a cyclic subscription in seconds.',
  },
  'docs.enabled': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Serves the OpenAPI documents and Swagger UI. If off, their routes answer 501.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
