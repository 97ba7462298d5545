import { laterKeys } from './later-keys.ts';
import { type Setting, variableOf } from './setting.ts';
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
    helpEntry('--set <key>=<value>', 'Any setting of docs/config.md, as often as needed.'),
  ].join('\n');
}

function settingMarkdown([key, setting]: readonly [string, Setting]): string {
  const ways = [`\`${variableOf(key, setting)}\``, ...(setting.flag ? [`\`--${setting.flag}\``] : [])];
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
    '<!-- Made from packages/gateway/src/config/settings.ts by `npm run docs`. -->',
    '',
    'Settings come from a YAML file, then the environment, then the command line, each over the one before.',
    'The file is the one that `--config` or `MEDKIT_CONFIG` names, else `~/.config/medkit/medkit.yaml` if it exists.',
    'Sections may be nested or dotted, and a ROS parameter file works too: `ros2_medkit_gateway: ros__parameters: …`, below any namespace or for all nodes (`/**`), with the parameters of other nodes beside it.',
    'Lists are separated by commas in the environment; a flag that takes a list is given once per item.',
    'Nothing is ignored silently: an unknown key, a value out of range and a setting that this version does not use are',
    'each reported with the line they stand on. `medkit config explain [file]` says all of that, and what every setting has',
    'for its value, without starting anything.',
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
    'Each name in `plugins` is loaded in that order. What is set of a plugin stands below its name, as a section of a file or',
    'with `--set`; how plugins are written is told in [guides/write-a-plugin.md](guides/write-a-plugin.md).',
    '',
    '| setting | default | what it does |',
    '|---|---|---|',
    '| `plugins.<name>.path` | the package `@medkit/plugin-<name>`, else `<name>` | A file or a folder, from the folder of the configuration file on, or the name of a package that is installed there. |',
    '| `plugins.<name>.isolate` | `none` | `process` runs it in a process of its own, which is ended and started again when it hangs. |',
    '| `plugins.<name>.memory_mb` | 128 | Heap of that process in megabytes, 32 to 16384. |',
    '| `plugins.<name>.*` | what the plugin says | Everything else goes to the plugin, checked by its own schema. |',
    '',
    '## Receivers',
    '',
    'Who is told of incidents: `notify.receivers` is a list of sections, each with a `name` and a `type`, or a section for each name.',
    '[guides/notify.md](guides/notify.md) has one of every type. What is wrong keeps the gateway from starting, with the line that it',
    'stands on. What may be secret can stand in a file of its own.',
    '',
    '| option of `notify.receivers.<name>` | of | what it does |',
    '|---|---|---|',
    ...receiverOptionRows(),
    '',
    '## Roles of one’s own',
    '',
    'A role says what it adds to another one and what it takes away, which wins: `auth.roles.technician: {extends: operator, allow:',
    '[scripts.run], deny: [data.write]}`. The permissions stand in [api.md](api.md#permissions).',
    '',
    '## Settings of ros2_medkit that this version does not use',
    '',
    'They are accepted and reported:',
    '',
    [...laterKeys]
      .sort()
      .map((key) => `\`${key}\``)
      .join(', '),
    '',
  ].join('\n');
}
