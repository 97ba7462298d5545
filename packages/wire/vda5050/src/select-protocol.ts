import type { Protocol } from './protocol/protocol.ts';
import type { ProtocolVersion } from './protocol/version.ts';
import { version2, version20 } from './version-2/protocol.ts';
import { version3 } from './version-3/protocol.ts';

const PROTOCOLS: Readonly<Record<ProtocolVersion, Protocol>> = {
  '2.0.0': version20,
  '2.1.0': version2,
  '3.0.0': version3,
};

/** Returns the encoder and decoder of a version. */
export const protocolOf = (version: ProtocolVersion): Protocol => PROTOCOLS[version];
