import { join } from 'node:path';
import { systemClock } from '@medkit/edges/node';
import { loadLibrary } from '../server/library.ts';
import { openPlcServer, type PlcServer } from '../server/open-plc-server.ts';
import { type PlcOptions, serverCount } from './plc-options.ts';

export interface PlcsSettings {
  readonly options: PlcOptions & { readonly folder: string };
  readonly onWarning: (line: string) => void;
  readonly onRelease: (plc: number, isReleased: boolean) => void;
  /** Resources that are closed at the end. */
  readonly resources: AsyncDisposableStack;
}

/** Starts the servers of this process one at a time; shared modules are loaded once. */
export async function runPlcs({
  options,
  onWarning,
  onRelease,
  resources,
}: PlcsSettings): Promise<readonly PlcServer[]> {
  const { port = 0, security = {}, folder, items = 0, changesPerSecond = 0 } = options;
  const count = serverCount(options);
  const library = loadLibrary(onWarning);
  const servers: PlcServer[] = [];
  for (let index = 0; index < count; index += 1) {
    const server = await openPlcServer(library, {
      port: port === 0 ? 0 : port + index,
      index,
      folder: index === 0 ? folder : join(folder, `plc-${index + 1}`),
      security,
      items,
      changesPerSecond,
      clock: systemClock,
      onRelease: (isReleased) => onRelease(index, isReleased),
    });
    resources.defer(() => server.close());
    servers.push(server);
  }
  return servers;
}
