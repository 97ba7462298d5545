import { definePlugin, PLUGIN_API_VERSION } from '@medkit/plugin';
import Type from 'typebox';
import { getCapabilities } from './get-capabilities.ts';
import { getEntityData } from './get-entity-data.ts';
import { listEntities } from './list-entities.ts';
import { listEntityFaults } from './list-entity-faults.ts';
import type { MedkitService } from './medkit-service.ts';

const SERVICES: readonly MedkitService[] = [listEntities, listEntityFaults, getCapabilities, getEntityData];

const NODE_NAME = 'medkit_services';

/** Offers the entities of a gateway as ROS 2 services, for nodes that do not use HTTP. */
export const serviceInterface = definePlugin({
  apiVersion: PLUGIN_API_VERSION,
  name: 'sovd_service_interface',
  options: Type.Object(
    {
      service_prefix: Type.String({
        default: '/medkit',
        maxLength: 200,
        // `~` is the node itself, as usual in ROS.
        pattern: '^(?:~|(?:/[A-Za-z_][A-Za-z0-9_]*)+)/?$',
      }),
    },
    { additionalProperties: false },
  ),
  async setup(context) {
    const { ros, options } = context;
    if (!ros) throw new Error('it offers ROS 2 services, but this gateway has not joined a ROS 2 graph');
    const node = await ros.node({ name: NODE_NAME });
    const prefix = options.service_prefix.replace(/\/$/, '').replace('~', node.fqn);
    try {
      for (const { name, type, answer } of SERVICES) {
        await node.service(`${prefix}/${name}`, type, (message) => answer(message, context));
      }
    } catch (error) {
      await node.close();
      throw error;
    }
    return { stop: () => node.close() };
  },
});
