import type { BrokerAddress } from '../address/broker-address.ts';

/** Texts of CONNACK codes (MQTT 3.1.1, 3.2.2.3) and of Reason Codes (MQTT 5.0, 2.4). */
const REASONS: Readonly<Record<number, string>> = {
  1: 'it does not speak this version of MQTT: set protocol to the other version (3.1.1 or 5)',
  2: 'client identifier rejected',
  3: 'server unavailable',
  4: 'bad user name or password',
  5: 'not authorized',
  128: 'no reason given',
  129: 'malformed packet',
  130: 'protocol error',
  131: 'a reason of this broker alone',
  132: 'it does not speak this version of MQTT: set protocol to the other version (3.1.1 or 5)',
  133: 'client identifier rejected',
  134: 'bad user name or password',
  135: 'not authorized',
  136: 'server unavailable',
  137: 'server busy',
  138: 'this client is banned',
  139: 'the server is shutting down',
  140: 'bad authentication method',
  141: 'it heard nothing of us for too long',
  142: 'taken over by another connection with the same client identifier',
  143: 'topic filter invalid',
  144: 'topic name invalid',
  147: 'more messages at a time than it takes',
  149: 'packet too large',
  150: 'messages come too fast',
  151: 'quota exceeded',
  152: 'ended by an operator',
  154: 'it keeps no messages',
  155: 'it does not have this QoS',
  156: 'another server is to be used',
  157: 'the server has moved',
  158: 'it has no shared subscriptions',
  159: 'connections come too fast',
  160: 'the longest time of a connection is over',
  162: 'it has no wildcards',
};

/** Texts of failures before MQTT starts, by error code of Node or OpenSSL. */
const FAILURES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there: is the broker running?',
  ENOTFOUND: 'nobody knows the name of the host',
  EAI_AGAIN: 'the name of the host could not be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network of the host cannot be reached',
  ETIMEDOUT: 'the host does not answer',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed, and no CA that was given vouches for it',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of a CA that is not known here: give the file of that CA',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is of a CA that is not known here: give the file of that CA',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is of a CA that is not known here: give the file of that CA',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate is of a CA that is not known here: give the file of that CA',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: are the clocks right?',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS there',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'it asks for a certificate of ours: give one, and its key',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'it does not know the CA of our certificate',
  EPROTO: 'it does not speak TLS there',
};

/** Returns the text of a broker's code. */
export function reasonWords(code: number | undefined): string {
  if (code === undefined || code === 0) return 'no reason given';
  return REASONS[code] ?? `code ${code}`;
}

/**
 * Returns whether the broker ended the connection without a reason. Depending on timing, the operating system reports
 * that as an error.
 */
export const isCut = ({ code }: Error & { readonly code?: unknown }): boolean =>
  code === 'ECONNRESET' || code === 'EPIPE';

/** Returns a sentence for the user that explains why a connection ended. Names the broker and contains no secret. */
export function lossReason(error: Error & { readonly code?: unknown }, address: Pick<BrokerAddress, 'url'>): string {
  const { code, message } = error;
  if (typeof code === 'number') return `the broker at ${address.url} refuses us: ${reasonWords(code)}`;
  if (typeof code === 'string') return `${address.url} cannot be used: ${FAILURES[code] ?? message}`;
  if (message === 'connack timeout') return `the broker at ${address.url} does not answer`;
  if (message === 'Keepalive timeout') return `the broker at ${address.url} has been silent for too long`;
  return `${address.url} cannot be used: ${message}`;
}
