import { systemHttpClient } from '@medkit/edges/node';
import { vda5050Plugin } from './vda5050-plugin.ts';

/** Plugin `vda5050`: the state of the VDA 5050 agent of the robot. */
export const plugin = vda5050Plugin({ http: systemHttpClient });
