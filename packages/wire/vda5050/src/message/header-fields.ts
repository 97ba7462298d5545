import { type Static, Type } from 'typebox';
import type { Header } from '../protocol/header.ts';
import { Text, Uint32 } from './field-types.ts';

/** What every message begins with. Times are not looked at: a fleet control with an odd one is understood all the same. */
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
