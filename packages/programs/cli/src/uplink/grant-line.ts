import type { GatewayConfig } from '@medkit/gateway';
import { hubPermissions, hubRole } from '@medkit/gateway/enrol';
import { plainLine } from '../terminal/display-width.ts';
import { refusing } from './enrolment-folder.ts';

/**
 * Returns what a hub and its users may do on this robot, as text. Throws `CommandFailed` for an unknown role.
 * @param subject the hub in the sentence
 * @param config the configuration, with the settings of this hub as `hub`
 * @param invited role of the invitation
 */
export function grantLine(
  subject: string,
  config: Pick<GatewayConfig, 'auth' | 'hub' | 'roles'>,
  invited: string | undefined,
): string {
  const permissions = [...refusing(() => hubPermissions(config, invited))].filter((name) => name !== 'self').sort();
  const role = `${hubRole(config, invited)}${config.hub.read_only ? ' for reading only' : ''}`;
  return plainLine(`${subject} and its users will have the role ${role}: ${permissions.join(', ')}.`);
}
