import type { BrokerAddress } from '../address/broker-address.ts';

/** Texts of CONNACK codes (MQTT 3.1.1, 3.2.2.3) and of Reason Codes (MQTT 5.0, 2.4). */
const REASONS: Readonly<Record<number, string>> = {
  1: 'it does not support this version of MQTT: set protocol to the other version (3.1.1 or 5)',
  2: 'client identifier rejected',
  3: 'server unavailable',
  4: 'bad user name or password',
  5: 'not authorized',
  128: 'no reason given',
  129: 'malformed packet',
  130: 'protocol error',
  131: 'implementation-specific error',
  132: 'it does not support this version of MQTT: set protocol to the other version (3.1.1 or 5)',
  133: 'client identifier rejected',
  134: 'bad user name or password',
  135: 'not authorized',
  136: 'server unavailable',
  137: 'server busy',
  138: 'this client is banned',
  139: 'the server is shutting down',
  140: 'bad authentication method',
  141: 'keep alive timeout',
  142: 'session taken over by another connection with the same client identifier',
  143: 'topic filter invalid',
  144: 'topic name invalid',
  147: 'receive maximum exceeded',
  149: 'packet too large',
  150: 'message rate too high',
  151: 'quota exceeded',
  152: 'administrative action',
  154: 'retained messages not supported',
  155: 'QoS not supported',
  156: 'use another server',
  157: 'server moved',
  158: 'shared subscriptions not supported',
  159: 'connection rate exceeded',
  160: 'maximum connect time',
  162: 'wildcard subscriptions not supported',
};

/** Texts of failures before MQTT starts, by error code of Node or OpenSSL. */
const FAILURES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused: check that the broker is running',
  ENOTFOUND: 'the host name does not exist',
  EAI_AGAIN: 'the host name cannot be resolved',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network of the host cannot be reached',
  ETIMEDOUT: 'the host does not answer',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed: configure its file as the CA',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is from an unknown CA: configure the file of that CA',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is from an unknown CA: configure the file of that CA',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is from an unknown CA: configure the file of that CA',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate is from an unknown CA: configure the file of that CA',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: check the clocks of both machines',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not use TLS on this port',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'it requires a client certificate: configure one with its key',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'it does not trust the CA of the client certificate',
  EPROTO: 'it does not use TLS on this port',
};

/** Returns the text of a broker's code. */
export function reasonText(code: number | undefined): string {
  if (code === undefined || code === 0) return 'no reason given';
  return REASONS[code] ?? `code ${code}`;
}

/**
 * Returns whether the broker ended the connection without a reason. Depending on timing, the operating system reports
 * that as an error.
 */
export const isConnectionReset = ({ code }: Error & { readonly code?: unknown }): boolean =>
  code === 'ECONNRESET' || code === 'EPIPE';

/** Returns a sentence for the user that explains why a connection ended. Names the broker and contains no secret. */
export function lossReason(error: Error & { readonly code?: unknown }, address: Pick<BrokerAddress, 'url'>): string {
  const { code, message } = error;
  if (typeof code === 'number') return `the broker at ${address.url} refused the connection: ${reasonText(code)}`;
  if (typeof code === 'string') return `${address.url} cannot be used: ${FAILURES[code] ?? message}`;
  if (message === 'connack timeout') return `the broker at ${address.url} does not answer`;
  if (message === 'Keepalive timeout') return `the broker at ${address.url} did not answer within the keep alive time`;
  return `${address.url} cannot be used: ${message}`;
}
