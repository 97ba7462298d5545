import { hostname } from 'node:os';
import { systemHttpClient } from '@medkit/edges/node';
import { lokiPlugin } from './loki-plugin.ts';

/** Plugin `loki`: reads the robot's logs from Grafana Loki. */
export const plugin = lokiPlugin({ http: systemHttpClient, machineName: hostname() });
