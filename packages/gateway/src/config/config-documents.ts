import { newerVersionKeys } from './newer-version-keys.ts';
import { type Setting, variableName } from './setting.ts';
import { SETTING_ROWS } from './settings.ts';

function defaultText(setting: Setting): string {
  if (setting.defaultText !== undefined) return setting.defaultText;
  if (setting.type === 'list') return setting.default.length > 0 ? setting.default.join(', ') : 'none';
  return setting.default === '' ? 'none' : String(setting.default);
}

const OUTSIDE = {
  clamp: 'nearest value inside is used',
  default: 'default is used',
  refuse: 'refuses to start',
} as const;

function rangeText(setting: Setting): string {
  if (setting.type !== 'integer' && setting.type !== 'number') return setting.type;
  const special = setting.special === undefined ? '' : `, or ${setting.special.value}: ${setting.special.meaning}`;
  return `${setting.type}, ${setting.min} to ${setting.max}${special}; outside: ${OUTSIDE[setting.outside]}`;
}

/** Title of the section for settings without one. */
const GENERAL = 'General';

const HELP_WIDTH = 100;
const HELP_INDENT = '      ';

/** Formats a flag on its own line, with its description below. */
function helpEntry(flag: string, about: string): string {
  const lines = [''];
  for (const word of about.split(' ')) {
    const line = `${lines.at(-1)} ${word}`.trim();
    if (line.length + HELP_INDENT.length <= HELP_WIDTH) lines[lines.length - 1] = line;
    else lines.push(word);
  }
  return [`  ${flag}`, ...lines.map((line) => `${HELP_INDENT}${line}`)].join('\n');
}

/** Returns the configuration flags for `--help`. */
export function configHelp(): string {
  const rows = SETTING_ROWS.flatMap(([key, setting]) =>
    setting.flag === undefined ? [] : [{ key, setting, flag: setting.flag }],
  ).map(({ key, setting, flag }) => {
    const argument = setting.type === 'boolean' ? '' : setting.type === 'list' ? ' <text> …' : ` <${setting.type}>`;
    return helpEntry(`--${flag}${argument}`, `${setting.about} (${key}, default ${defaultText(setting)})`);
  });
  return [
    ...rows,
    helpEntry('--config <file>', 'Read this YAML file instead of ~/.config/medkit/medkit.yaml.'),
    helpEntry('--set <key>=<value>', 'Set any setting of docs/config.md; can be repeated.'),
  ].join('\n');
}

function settingMarkdown([key, setting]: readonly [string, Setting]): string {
  const ways = [`\`${variableName(key, setting)}\``, ...(setting.flag ? [`\`--${setting.flag}\``] : [])];
  const cells = [`\`${key}\``, setting.about, defaultText(setting), rangeText(setting), ways.join(', '), setting.since];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Returns one section of the document for each first part of a key; keys with one part come first. */
function settingSections(): readonly string[] {
  const sectionOf = (key: string) => (key.includes('.') ? key.slice(0, key.indexOf('.')) : GENERAL);
  const sections = [...Map.groupBy(SETTING_ROWS, ([key]) => sectionOf(key))];
  return sections
    .toSorted(([a], [b]) => Number(b === GENERAL) - Number(a === GENERAL))
    .flatMap(([name, rows]) => [
      `## ${name}`,
      '',
      '| setting | what it does | default | type and range | environment, flag | since |',
      '|---|---|---|---|---|---|',
      ...rows.map(settingMarkdown),
      '',
    ]);
}

/** Returns the text of docs/config.md. */
export async function configMarkdown(): Promise<string> {
  const { receiverOptionRows } = await import('./receiver-options.ts');
  return [
    '# Configuration',
    '',
    '<!-- Generated from packages/gateway/src/config/settings.ts by `npm run docs`. -->',
    '',
    'The gateway reads settings from a YAML file, then from the environment, then from the command line; later sources take precedence.',
    '`--config` or `MEDKIT_CONFIG` names the file; the default is `~/.config/medkit/medkit.yaml` if it exists.',
    'Sections may be nested or dotted. A ROS parameter file works as well: `ros2_medkit_gateway: ros__parameters: …`, below any namespace or for all nodes (`/**`), next to the parameters of other nodes.',
    'In the environment, separate the items of a list with commas. On the command line, repeat the flag for each item.',
    'The gateway reports every unknown key, value out of range and unused setting with its line. `medkit config explain [file]`',
    'prints these reports and the value of every setting, without starting the gateway. For a running gateway, an administrator',
    'finds the same on the page `/gateway-settings` of the web UI, and at `GET /api/v1/x-medkit-settings`.',
    '',
    '```yaml',
    'server:',
    '  port: 8090',
    '  allowed_hosts: [robot-01.local]',
    'ros.domain_id: 7',
    '```',
    '',
    ...settingSections(),
    '## Plugins',
    '',
    'The gateway loads the plugins in `plugins` in this order. Put the settings of a plugin below its name, in a section of the',
    'file or with `--set`. To write a plugin, see [guides/write-a-plugin.md](guides/write-a-plugin.md).',
    '',
    '| setting | default | what it does |',
    '|---|---|---|',
    '| `plugins.<name>.path` | the package `@medkit/plugin-<name>`, else `<name>` | A file or folder, relative to the folder of the configuration file, or the name of a package that is installed there. |',
    '| `plugins.<name>.isolate` | `none` | `process` runs the plugin in a separate process, which the gateway restarts if it hangs. |',
    '| `plugins.<name>.memory_mb` | 128 | Maximum heap of that process in megabytes, 32 to 16384. |',
    '| `plugins.<name>.*` | defined by the plugin | Options of the plugin, validated against its schema. |',
    '',
    '## Receivers',
    '',
    '`notify.receivers` configures who is notified of incidents: a list of sections with a `name` and a `type`, or one section per name.',
    '[guides/notify.md](guides/notify.md) has an example of every type. With an invalid receiver the gateway does not start, and reports',
    'the line. Every secret can be read from a separate file.',
    '',
    '| option of `notify.receivers.<name>` | types | what it does |',
    '|---|---|---|',
    ...receiverOptionRows(),
    '',
    '## Custom roles',
    '',
    'A role extends another role. `deny` takes precedence over `allow`: `auth.roles.technician: {extends: operator, allow:',
    '[scripts.run], deny: [data.write]}`. For the permissions, see [api.md](api.md#permissions).',
    '',
    '`scopes` limits a role to entities, a list of texts: `auth.roles.acme: {extends: operator, scopes: ["components/arm/**',
    'collections=faults,data permissions=read"]}`. See [Rights by entity](guides/accounts.md#rights-by-entity).',
    '',
    '## Groups of the identity provider',
    '',
    'With [single sign-on](guides/accounts.md#single-sign-on), `auth.oidc.role_map` gives a role to each group in `auth.oidc.role_claim`:',
    '`auth.oidc.role_map: {robot-operators: operator, "/fleet admins": admin}`. Of several roles, the one with the most permissions applies.',
    'An account without any of these groups has no access.',
    '',
    'On a fleet hub, `auth.oidc.grant_map` gives a group a role at the robots of a site, of a group of robots, or of both:',
    '`auth.oidc.grant_map: {robots-berlin-ops: {role: operator, site: berlin}, night-shift: {role: viewer, group: night}}`. It applies to',
    'accounts without a group in `role_map`; the grants of several groups add up.',
    '',
    '## Settings of ros2_medkit that this version does not use',
    '',
    'The gateway accepts and reports these settings:',
    '',
    [...newerVersionKeys]
      .sort()
      .map((key) => `\`${key}\``)
      .join(', '),
    '',
  ].join('\n');
}
