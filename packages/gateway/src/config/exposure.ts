import { ConfigRefused, type Notice } from './assignment.ts';
import type { FlatConfig } from './gateway-config.ts';

/** True for a name or address of this machine that no other machine can reach. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** Fewer characters can be guessed over a network. */
const MIN_TOKEN_LENGTH = 16;

/** Rules across settings that decide who may reach the robot. Throws `ConfigRefused` where one is broken. */
export function judgeExposure(config: FlatConfig): readonly Notice[] {
  const host = config['server.host'];
  const token = config['server.token'];
  const refusals: string[] = [];
  const notices: Notice[] = [];
  if (config['cors.allow_credentials'] && config['cors.allowed_origins'].includes('*')) {
    refusals.push(
      'cors.allow_credentials with the origin "*" would let every web page act as the user: name the origins',
    );
  }
  if (token !== '' && (token.length < MIN_TOKEN_LENGTH || !/^[\x21-\x7e]+$/.test(token))) {
    refusals.push(`server.token needs at least ${MIN_TOKEN_LENGTH} printable characters without spaces`);
  }
  if (!isLoopbackHost(host)) {
    if (token === '' && !config['server.insecure']) {
      refusals.push(
        `server.host ${host} can be reached from other machines: everybody there could read and command the robot. ` +
          'Set server.token (MEDKIT_SERVER_TOKEN), or say --insecure if that is what you want',
      );
    } else if (token === '') {
      notices.push({
        level: 'warning',
        text: `listening on ${host} without a token: everybody who reaches it can command the robot`,
      });
    } else {
      notices.push({
        level: 'warning',
        text: `listening on ${host} without TLS: the token can be read by those who see the traffic`,
      });
    }
  }
  if (refusals.length > 0) throw new ConfigRefused(refusals);
  return notices;
}
