import { COMMAND_GROUPS } from '../commands.ts';
import { columns } from './columns.ts';
import { EXIT_CODES } from './exit-code.ts';
import { invocation } from './invocation.ts';

/** Environment variables that several commands read. Options take precedence. */
const VARIABLES = [
  ['MEDKIT_URL', 'address of the gateway, as --url (default http://127.0.0.1:8080)'],
  ['MEDKIT_TOKEN_FILE', 'file with the API key or token, as --token-file'],
  ['MEDKIT_TOKEN', 'the API key or token itself, as --token; takes precedence over MEDKIT_TOKEN_FILE'],
  ['MEDKIT_CLIENT_ID', 'name under which you hold locks, as --client-id (default <user>@<host>)'],
  ['MEDKIT_CA_FILE', 'PEM file with additional trusted certificates, as --ca-file'],
  ['MEDKIT_FINGERPRINT', 'fingerprint of the self-signed certificate of the gateway, as --fingerprint'],
  ['MEDKIT_CLIENT_CERT', 'PEM file with the client certificate, as --client-cert'],
  ['MEDKIT_CLIENT_KEY', 'PEM file with the private key of that certificate, as --client-key'],
  ['ROS_DOMAIN_ID', 'DDS domain for commands that join the ROS 2 network (default 0)'],
  ['ROS_AUTOMATIC_DISCOVERY_RANGE', 'SUBNET, LOCALHOST or OFF: discovery range on the ROS 2 network'],
  ['NO_COLOR', 'if set, output has no colors'],
] as const;

/** What `medkit --help` prints. */
export function overallHelp(): string {
  const medkit = invocation(process.env);
  const nameWidth = Math.max(
    ...COMMAND_GROUPS.flatMap(({ commands }) => Object.keys(commands).map(({ length }) => length)),
  );
  return [
    'medkit: SOVD diagnostics gateway for robots',
    '',
    `Usage: ${medkit} <command> [options]`,
    '',
    ...COMMAND_GROUPS.flatMap(({ title, commands }) => [
      `${title}:`,
      columns(Object.entries(commands).map(([name, { about }]) => [name.padEnd(nameWidth), about])),
      '',
    ]),
    'Options:',
    columns([
      ['-h, --help', 'print this text; after a command, the help of the command'],
      ['-v, --version', 'print the version'],
    ]),
    '',
    'Environment variables:',
    columns(VARIABLES),
    '',
    'Exit codes:',
    columns(EXIT_CODES.map(([code, meaning]) => [String(code), meaning])),
    '',
    `Run \`${medkit} <command> --help\` for the options and examples of a command.`,
  ].join('\n');
}
