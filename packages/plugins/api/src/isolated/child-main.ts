import { childPort, systemClock } from '@medkit/edges/node';
import { servePlugin } from './serve-plugin.ts';

// Terminals and service managers signal all processes of a group. The gateway decides when this one exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

servePlugin({
  port: childPort(),
  clock: systemClock,
  load: (file) => import(file),
  residentBytes: () => process.memoryUsage.rss(),
});
