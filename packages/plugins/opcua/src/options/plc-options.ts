import { FAULT_SEVERITIES } from '@medkit/contract';
import { POLICIES, type SecurityMode, type SecurityOptions, type UserOptions } from '@medkit/opcua';
import type { OptionReader } from '@medkit/plugin';

const REPLAY_STRATEGIES = ['auto', 'method', 'read', 'off'] as const;

/**
 * How active conditions are learned after a session starts: by the server's refresh method, by reading, or not at all.
 */
export type ReplayStrategy = (typeof REPLAY_STRATEGIES)[number];

/** A PLC and its connection. */
export interface PlcOptions {
  /** Name below `plcs` in the configuration; empty for a single PLC. */
  readonly name: string;
  /** Id of the component, if the name would result in the id of another PLC. */
  readonly componentId?: string;
  readonly endpointUrl: string;
  readonly nodeMapPath: string | undefined;
  /** As written; parsed when the node map is read. */
  readonly autoBrowse: unknown;
  readonly autoAlarms: unknown;
  /** Use a subscription instead of polling. */
  readonly prefersSubscriptions: boolean;
  readonly pollIntervalMs: number;
  readonly subscriptionIntervalMs: number;
  readonly replay: ReplayStrategy;
  readonly requiresConfirm: boolean;
  readonly commsLost: { readonly isReported: boolean; readonly debounceMs: number; readonly severity: number };
  /** Seconds of past values that are stored, as evidence and for clients. */
  readonly historySeconds: number;
  readonly security: SecurityOptions;
  readonly user: UserOptions;
}

const MODES: readonly SecurityMode[] = ['None', 'Sign', 'SignAndEncrypt'];
const USERS = ['Anonymous', 'UsernamePassword', 'X509'] as const;

/**
 * Reads the section of a PLC; keys and defaults are those of ros2_medkit. Warns about values out of range and uses the
 * default.
 */
export function readPlcOptions(name: string, section: OptionReader): PlcOptions {
  const text = (key: string, otherwise = ''): string => section.list(key)[0] ?? otherwise;
  const optional = (key: string): string | undefined => text(key) || undefined;
  const severity = section.word('comms_lost_severity', FAULT_SEVERITIES.longLabels, 'ERROR');
  return {
    name,
    endpointUrl: endpointUrlOf(text('endpoint_url', 'opc.tcp://localhost:4840')),
    nodeMapPath: optional('node_map_path'),
    autoBrowse: section.raw('auto_browse'),
    autoAlarms: section.raw('auto_alarms'),
    prefersSubscriptions: section.flag('prefer_subscriptions', false),
    pollIntervalMs: section.integer('poll_interval_ms', { value: 1000, min: 100, max: 60_000 }),
    subscriptionIntervalMs: section.integer('subscription_interval_ms', { value: 500, min: 50, max: 60_000 }),
    replay: section.word('condition_replay_strategy', REPLAY_STRATEGIES, 'auto'),
    requiresConfirm: section.flag('require_confirm_for_clear', true),
    commsLost: {
      isReported: section.flag('comms_lost_fault_enabled', true),
      debounceMs: section.integer('comms_lost_debounce_ms', { value: 5000, min: 0, max: 3_600_000 }),
      severity: FAULT_SEVERITIES.longLabels.indexOf(severity),
    },
    historySeconds: section.integer('history_seconds', { value: 60, min: 0, max: 3600 }),
    security: {
      policy: exactly(section, 'security_policy', POLICIES, 'None'),
      mode: exactly(section, 'security_mode', MODES, 'None'),
      certificatePath: optional('client_cert_path'),
      keyPath: optional('client_key_path'),
      keyPassphrasePath: optional('client_key_passphrase_path'),
      applicationUri: optional('application_uri'),
      trustListPaths: section.list('trust_list_paths'),
      rejectsUntrusted: section.flag('reject_untrusted', true),
      refusedPath: optional('refused_path'),
    },
    user: readUser(section, exactly(section, 'user_auth_mode', USERS, 'Anonymous'), optional),
  };
}

function readUser(
  section: OptionReader,
  mode: (typeof USERS)[number],
  optional: (key: string) => string | undefined,
): UserOptions {
  const credentials = {
    username: optional('username'),
    password: optional('password'),
    passwordFile: optional('password_file'),
    certificatePath: optional('user_cert_path'),
    ...userKey(optional),
    allowsCleartext: section.flag('allow_cleartext_password', false),
  };
  const { username, password, passwordFile, certificatePath, keyPath, keyPassphrasePath, allowsCleartext } =
    credentials;
  if (mode === 'Anonymous') {
    if (username !== undefined || certificatePath !== undefined)
      section.warn('user_auth_mode', 'is Anonymous, so the configured user is not used');
    return { mode };
  }
  if (mode === 'X509') {
    if (certificatePath !== undefined && keyPath !== undefined) {
      return { mode, certificatePath, keyPath, ...(keyPassphrasePath === undefined ? {} : { keyPassphrasePath }) };
    }
    throw new Error('user_auth_mode X509 needs user_cert_path and user_key_path');
  }
  if (username === undefined) throw new Error('user_auth_mode UsernamePassword needs a username');
  if (passwordFile !== undefined) return { mode, username, passwordFile, allowsCleartext };
  if (password !== undefined) return { mode, username, password, allowsCleartext };
  throw new Error('user_auth_mode UsernamePassword needs a password_file or a password');
}

/** Returns the user's key and passphrase; without a user key, the client's key with its passphrase. */
function userKey(optional: (key: string) => string | undefined) {
  const userKeyPath = optional('user_key_path');
  const passphrase = optional('user_key_passphrase_path');
  const ofClient = optional('client_key_passphrase_path');
  return {
    keyPath: userKeyPath ?? optional('client_key_path'),
    keyPassphrasePath: passphrase ?? (userKeyPath === undefined ? ofClient : undefined),
  };
}

/**
 * Reads a word without falling back to a default if it is misspelled: the connection might be less secure than
 * expected.
 */
function exactly<W extends string>(section: OptionReader, key: string, allowed: readonly W[], otherwise: W): W {
  const raw = section.raw(key);
  if (raw === undefined || raw === '') return otherwise;
  const word = allowed.find((each) => each === raw);
  if (word === undefined) throw new Error(`${key} must be ${allowed.join(', ')}, not "${String(raw)}"`);
  return word;
}

/** The URL is shown to all clients and sent to the server in clear text, so it must not contain credentials. */
function endpointUrlOf(text: string): string {
  const url = URL.parse(text);
  if (url === null || (url.username === '' && url.password === '')) return text;
  throw new Error('endpoint_url must not contain a user or password: set user_auth_mode, username and password_file');
}
