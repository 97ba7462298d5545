import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PROTOCOL_VERSIONS } from '@medkit/vda5050';
import { assertOfficial, haveOfficialSchemas } from './official-schemas.ts';

const connection = (version: string, state: string) =>
  JSON.stringify({
    headerId: 0,
    timestamp: '2026-01-02T03:04:05.678Z',
    version,
    manufacturer: 'ACME',
    serialNumber: 'AMR-1',
    connectionState: state,
  });

describe('the official schemas of VDA 5050', () => {
  for (const version of PROTOCOL_VERSIONS) {
    it(`accept a valid message of ${version}, and reject an invalid one if they are installed`, () => {
      assertOfficial(version, 'connection', connection(version, 'ONLINE'));
      const check = () => assertOfficial(version, 'connection', connection(version, 'CONNECTION-BROKEN'));
      if (haveOfficialSchemas) assert.throws(check, /connectionState must be equal to one of the allowed values/);
      else assert.doesNotThrow(check);
    });
  }
});
