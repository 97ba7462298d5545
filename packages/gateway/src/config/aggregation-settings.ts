import type { Setting } from './setting.ts';

/** Settings of other gateways whose entities are shown here. */
export const AGGREGATION_SETTINGS = {
  'aggregation.enabled': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about: 'Show the entities of other gateways in this tree, and forward to them what is asked of these.',
  },
  'aggregation.peer_urls': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about: 'Addresses of the other gateways, such as `http://10.0.0.7:8080`.',
  },
  'aggregation.peer_names': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about: 'What each of them goes by here, in the order of `aggregation.peer_urls`.',
  },
  'aggregation.peer_token_files': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Files with the token that each of them wants, in the same order; an empty text for one that wants none, nothing where none does.',
  },
  'aggregation.timeout_ms': {
    type: 'integer',
    default: 2000,
    min: 100,
    max: 60_000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'How long another gateway has to tell its tree, in milliseconds.',
  },
  'aggregation.require_tls': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about: 'Leave out every gateway whose address does not begin with `https`.',
  },
  'aggregation.forward_auth': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Pass the `Authorization` of clients on to gateways without a token file. They get to know it: only for gateways that are trusted like this one.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
