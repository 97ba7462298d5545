import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultEvent } from '@medkit/core';
import { faultEvent, memoryFaults } from '@medkit/core/testing';
import { systemClock, systemFiles, systemRandom, systemWritableFiles } from '@medkit/edges/node';
import type { ConnectionBounds } from '../http/connection-bounds.ts';
import { listen } from '../listen.ts';
import { openTls } from '../tls/open-tls.ts';
import { testCertificate } from './test-certificate.ts';
import { testConfig, testGateway } from './test-gateway.ts';

export interface TlsGatewayChanges {
  readonly server?: object;
  readonly tls?: object;
  readonly bounds?: ConnectionBounds;
}

/** A gateway with HTTPS on 127.0.0.1, with its certificate in a temporary folder. */
export async function tlsGateway(changes: TlsGatewayChanges = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-tls-'));
  const files = { cert_file: join(folder, 'cert.pem'), key_file: join(folder, 'key.pem') };
  const first = testCertificate(systemClock.wallMs());
  const put = ({ cert, key }: { readonly cert?: string; readonly key?: string }): void => {
    if (cert !== undefined) writeFileSync(files.cert_file, cert, { mode: 0o644 });
    if (key !== undefined) writeFileSync(files.key_file, key, { mode: 0o600 });
  };
  put(first);
  const { server } = await testConfig();
  const tlsSettings = { ...server.tls, enabled: true, ...files, ...changes.tls };
  const sections = { server: { ...changes.server, tls: tlsSettings } };
  const log: string[] = [];
  const tls = await openTls({
    config: await testConfig(sections),
    files: { ...systemFiles, ...systemWritableFiles },
    watchFolder: () => undefined,
    clock: systemClock,
    random: systemRandom,
    machineName: 'robot-01',
    addresses: [],
    log: (level, message) => log.push(`${level}: ${message}`),
  });
  const events: FaultEvent[] = [];
  const providers = { faults: memoryFaults({ events }) };
  const { bounds } = changes;
  const gateway = await testGateway(sections, undefined, providers, { tls, ...(bounds && { bounds }) });
  const port = await listen(gateway.app, { host: '127.0.0.1', port: 0, clock: systemClock });
  return {
    ...gateway,
    tls,
    port,
    /** TLS messages in the operator's log. */
    logged: log,
    first,
    put,
    publish: (id: number): void => {
      const event = faultEvent(id);
      events.push(event);
      gateway.model.events.emit('fault.event', { runtime: 'memory', event });
    },
    [Symbol.asyncDispose]: async () => {
      tls.close();
      await gateway.app.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
