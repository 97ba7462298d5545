import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answer } from './answer.ts';
import { untilItEnds } from './lifetime.ts';
import type { PlcOptions } from './plc-options.ts';
import type { NumberedRequest, PlcReport } from './protocol.ts';
import { skewClock } from './skewed-clock.ts';

function report(message: PlcReport): void {
  // The parent may have exited, which `disconnect` reports.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

const options: PlcOptions = JSON.parse(process.argv[2] ?? '{}');
await using resources = new AsyncDisposableStack();
const lifetime = untilItEnds(resources);
try {
  skewClock(options.clockSkewMs ?? 0);
  const temporaryFolder = options.folder === undefined ? mkdtempSync(join(tmpdir(), 'medkit-plc-')) : undefined;
  resources.defer(() => {
    if (temporaryFolder !== undefined) rmSync(temporaryFolder, { recursive: true, force: true });
  });
  const folder = options.folder ?? (temporaryFolder as string);
  // Loaded only after the clock is skewed.
  const { runPlcs } = await import('./run-plcs.ts');
  const onWarning = (line: string): void => console.error(`medkit plc: ${line}`);
  const servers = await runPlcs({
    options: { ...options, folder },
    onWarning,
    onRelease: (plc, isReleased) => report({ kind: 'release', plc, isReleased }),
    resources,
  });
  process.on('message', ({ id, request }: NumberedRequest) => {
    try {
      answer(servers, request);
      report({ kind: 'done', id });
    } catch (error) {
      report({ kind: 'done', id, error: (error as Error).message });
    }
  });
  report({ kind: 'ready', endpointUrls: servers.map(({ endpointUrl }) => endpointUrl), temporaryFolder });
  await new Promise(() => undefined);
} catch (error) {
  const { name, message } = error as Error;
  report({ kind: 'failed', reason: name, text: message });
  lifetime.end(1);
}
