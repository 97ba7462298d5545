import { type Static, Type } from 'typebox';
import type { Header } from '../protocol/header.ts';
import { Text, Uint32 } from './field-types.ts';

/** Header fields of every message. Timestamps are not validated, so that a fleet control with an odd format works. */
export const headerFields = {
  headerId: Uint32,
  timestamp: Text,
  version: Text,
  manufacturer: Text,
  serialNumber: Text,
};

const HeaderMessage = Type.Object(headerFields);

export const headerOf = (message: Static<typeof HeaderMessage>): Header => ({
  headerId: message.headerId,
  timestamp: message.timestamp,
  version: message.version,
  manufacturer: message.manufacturer,
  serialNumber: message.serialNumber,
});
