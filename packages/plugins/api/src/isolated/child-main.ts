import { childPort, systemClock } from '@medkit/edges/node';
import { servePlugin } from './serve-plugin.ts';

// A terminal and a service manager tell all processes to end. When this one ends is for the gateway to say.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

servePlugin({
  port: childPort(),
  clock: systemClock,
  load: (file) => import(file),
  residentBytes: () => process.memoryUsage.rss(),
});
