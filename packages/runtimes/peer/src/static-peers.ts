import type { Log } from '@medkit/core';
import type { Files } from '@medkit/edges';
import type { PeerAddress } from './peer-link.ts';

/** The configured peers, as lists with one entry per peer. */
export interface PeerSettings {
  readonly urls: readonly string[];
  readonly names: readonly string[];
  /** Token files; empty or missing for a peer without a token. */
  readonly tokenFiles: readonly string[];
  /** `aggregation.peer_auth_header`, for peers without a token file: `Bearer` and the token that they share. */
  readonly authHeader?: string;
  readonly requireTls: boolean;
  /** `aggregation.discover`: an entry with name and token file but no address is for a peer that announces itself. */
  readonly discovers?: boolean;
  /** Names of other runtimes. */
  readonly taken: readonly string[];
}

export interface PeerAdmission {
  readonly files: Pick<Files, 'readText'>;
  readonly log: Log;
}

/** Valid peer names; ids of its entities begin with the name. */
export const PEER_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** Returns the valid peers. A problem of another one is logged with its remedy and does not affect the others. */
export async function staticPeers(
  { urls, names, tokenFiles, authHeader = '', requireTls, discovers, taken }: PeerSettings,
  { files, log }: PeerAdmission,
): Promise<readonly PeerAddress[]> {
  const lengths = [urls.length, names.length, ...(tokenFiles.some((file) => file !== '') ? [tokenFiles.length] : [])];
  if (new Set(lengths).size > 1) {
    const found = `${urls.length} aggregation.peer_urls, ${names.length} aggregation.peer_names, ${tokenFiles.length} aggregation.peer_token_files`;
    log('error', `No peer is added: ${found}. Every list needs one entry for each peer`);
    return [];
  }
  const [, sharedToken] = BEARER.exec(authHeader) ?? [];
  if (authHeader !== '' && sharedToken === undefined) {
    log('error', 'No peer receives aggregation.peer_auth_header: it needs the form "Bearer <token>"');
  }
  const peers: PeerAddress[] = [];
  for (const [at, text] of urls.entries()) {
    const name = names[at] ?? '';
    if (text === '' && (name === '' || (discovers && tokenFiles[at]))) continue;
    const isTaken = taken.includes(name) || peers.some((peer) => peer.name === name);
    const problem = nameProblem(name, isTaken) ?? urlProblem(text, requireTls);
    if (problem !== undefined) {
      log('error', `The peer ${name || text} is ignored: ${problem}`);
      continue;
    }
    const token = (await tokenIn(tokenFiles[at] ?? '', files)) ?? sharedToken;
    if (token === 'unreadable') {
      log('error', `The peer ${name} is ignored: no token can be read from ${tokenFiles[at]}`);
      continue;
    }
    const url = new URL(text);
    if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
      log('warn', `The connection to the peer ${name} uses http and is not encrypted. Use an https address`);
    }
    peers.push({ name, url: url.origin, ...(token !== undefined && { token }) });
  }
  return peers;
}

const BEARER = /^Bearer +([\x21-\x7e]+)$/i;

/** Traffic to a gateway on this machine does not cross a network. */
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Returns the tokens of gateways that announce themselves, by name: from entries with a name and a token file but no
 * address.
 */
export async function discoveredKeys(
  { urls, names, tokenFiles }: Pick<PeerSettings, 'urls' | 'names' | 'tokenFiles'>,
  { files, log }: PeerAdmission,
): Promise<ReadonlyMap<string, string>> {
  const keys = new Map<string, string>();
  for (const [at, name] of names.entries()) {
    const file = tokenFiles[at] ?? '';
    if (urls[at] !== '' || name === '' || file === '') continue;
    const token = await tokenIn(file, files);
    if (token === 'unreadable')
      log('error', `Cannot admit the gateway ${name} by its token: no token can be read from ${file}`);
    else if (token !== undefined) keys.set(name.toLowerCase(), token);
  }
  return keys;
}

function nameProblem(name: string, isTaken: boolean): string | undefined {
  if (!PEER_NAME.test(name) || name === 'local') {
    return 'its name in aggregation.peer_names must be 1 to 64 of A-Z a-z 0-9 _ -, and not "local"';
  }
  return isTaken ? 'another runtime has this name; choose another name in aggregation.peer_names' : undefined;
}

function urlProblem(text: string, requireTls: boolean): string | undefined {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return `"${text}" in aggregation.peer_urls is not an address that begins with http:// or https://`;
  }
  if (url.username !== '' || url.password !== '') {
    return 'its address contains a user or a password; set a token in aggregation.peer_token_files';
  }
  if (requireTls && url.protocol === 'http:') return 'aggregation.require_tls is on; use an https address';
  return undefined;
}

async function tokenIn(file: string, files: Pick<Files, 'readText'>): Promise<string | undefined> {
  if (file === '') return undefined;
  const text = (await files.readText(file).catch(() => undefined))?.trim() ?? '';
  return text === '' || /[^\x21-\x7e]/.test(text) ? 'unreadable' : text;
}
