import { GatewaySettings } from '../schemas/settings.ts';
import type { RouteFamily } from './route.ts';

export const listSettings: RouteFamily<typeof GatewaySettings> = [
  {
    method: 'get',
    path: '/x-medkit-settings',
    operationId: 'listSettings',
    permission: 'accounts',
    tag: 'Server',
    summary: 'List the settings of the gateway',
    description:
      'Lists every setting with its effective value and its source, as read at the start of the gateway. Secrets, and credentials in URLs, are not sent. The options of plugins and roles are not listed. `SIGHUP` reloads certificates, users and keys; every other change needs a restart.',
    join: 'local',
    parameters: [],
    responses: {
      200: {
        description: 'The settings',
        schema: GatewaySettings,
        example: {
          file: '/etc/medkit/medkit.yaml',
          items: [
            {
              key: 'server.port',
              value: 8443,
              origin: '/etc/medkit/medkit.yaml:2',
              about: 'Port of the HTTP server.',
            },
            {
              key: 'server.token',
              secret: true,
              origin: 'the credential server.token',
              about: 'Token that every request needs.',
            },
          ],
          fault_manager: { parameters: [], effect: [] },
          remarks: [
            {
              level: 'warning',
              text: 'server.prot: no such setting (/etc/medkit/medkit.yaml:3). Did you mean server.port?',
            },
          ],
        },
      },
    },
    errors: ['not-implemented'],
  },
];
