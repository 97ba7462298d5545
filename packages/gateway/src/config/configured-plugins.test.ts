import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { locatePlugin } from '../plugins/locate-plugin.ts';
import type { PluginSettings } from './configured-plugins.ts';
import { loadConfig } from './load-config.ts';

const FILE = '/etc/medkit/medkit.yaml';

async function load(yaml: string, ...set: readonly string[]) {
  const folders = { environment: {}, home: '/home/ada', working: '/srv' };
  const flags = { config: FILE, set };
  const { config, notices } = await loadConfig({ files: new MemoryFiles({ [FILE]: yaml }), folders, flags });
  return {
    plugins: config.plugins,
    of: (name: string) => config.plugins.find((plugin) => plugin.name === name) as PluginSettings,
    lines: notices.map(({ level, text }) => `${level}: ${text}`),
  };
}

describe('plugins (discovery 2.1)', () => {
  it('are loaded in the order of the list, also without further settings', async () => {
    const { plugins, lines } = await load('plugins: [watchdog, linux]');
    assert.deepEqual(plugins, [
      { name: 'watchdog', folder: '/etc/medkit', isolated: false, memoryMb: 128, options: {} },
      { name: 'linux', folder: '/etc/medkit', isolated: false, memoryMb: 128, options: {} },
    ]);
    assert.deepEqual(lines, []);
  });

  it('[edge] are left out if the name is invalid, and loaded once if it is listed twice; empty names are ignored', async () => {
    const { plugins, lines } = await load(`plugins: ["", a-1, "b c", a-1, d.e, ${'x'.repeat(257)}]`);
    assert.deepEqual(
      plugins.map(({ name }) => name),
      ['a-1'],
    );
    assert.deepEqual(lines, [
      'error: plugins: "b c" is ignored: a name must have 1 to 256 letters, digits, _ or -',
      'warning: plugins: a-1 is listed twice and loaded once',
      'error: plugins: "d.e" is ignored: a name must have 1 to 256 letters, digits, _ or -',
      `error: plugins: "${'x'.repeat(63)}…" is ignored: a name must have 1 to 256 letters, digits, _ or -`,
    ]);
  });

  it('are at most 64', async () => {
    const { plugins, lines } = await load(`plugins: [${Array.from({ length: 65 }, (_, n) => `p${n}`)}]`);
    assert.equal(plugins.length, 64);
    assert.deepEqual(lines, ['error: plugins: p64 is ignored: the maximum is 64 plugins']);
  });

  it('replace the shared libraries of ros2_medkit, with one log line', async () => {
    const { plugins, lines } = await load(
      [
        'plugins: [graph_provider, procfs, my_beacon, other, plain]',
        'plugins.graph_provider.path: /opt/ros/jazzy/lib/x/libros2_medkit_graph_provider_plugin.so',
        'plugins.graph_provider.rate: 5',
        'plugins.procfs.path: install/lib/libprocfs_introspection.so',
        'plugins.my_beacon.path: /opt/lib/libtopic_beacon_plugin.so.1',
        'plugins.other.path: /opt/lib/libacme.so',
      ].join('\n'),
    );
    assert.deepEqual(
      plugins.map(({ name, path, options }) => [name, path, options]),
      [
        ['graph_provider', undefined, { rate: '5' }],
        ['procfs', undefined, {}],
        ['my_beacon', '@medkit/plugin-topic-beacon', {}],
        ['other', '/opt/lib/libacme.so', {}],
        ['plain', undefined, {}],
      ],
    );
    assert.deepEqual(lines, [
      'warning: plugins: plugins of medkit are used instead of the shared libraries of graph_provider, procfs, my_beacon',
    ]);
    await assert.rejects(locatePlugin(plugins[3] as PluginSettings), /libacme\.so is a shared library: .*Node modules/);
    const { file } = await locatePlugin(plugins[2] as PluginSettings);
    assert.match(file.pathname, /topic-beacon/);
  });

  it('are found by a path relative to the folder of the file, by one relative to the working folder, or by a package', async () => {
    const { of, lines } = await load(
      [
        'plugins: [near, deep, file, home, package, scoped, shell, nothing]',
        'plugins.near.path: ./near',
        'plugins.deep.path: plugins/deep',
        'plugins.file.path: file.js',
        'plugins.home.path: ~/plugins/home',
        'plugins.package.path: pump-plugin',
        'plugins.scoped.path: "@site/pump"',
        'plugins.nothing.path: ""',
      ].join('\n'),
      'plugins.shell.path=./shell',
    );
    const paths = ['near', 'deep', 'file', 'home', 'package', 'scoped', 'shell', 'nothing'].map(
      (name) => of(name).path,
    );
    assert.deepEqual(paths, [
      '/etc/medkit/near',
      '/etc/medkit/plugins/deep',
      '/etc/medkit/file.js',
      '/home/ada/plugins/home',
      'pump-plugin',
      '@site/pump',
      '/srv/shell',
      undefined,
    ]);
    assert.deepEqual(lines, []);
  });

  it('are the only settings whose paths are resolved this way', async () => {
    const folders = { environment: {}, home: '/home/ada', working: '/srv' };
    const flags = { set: ['fault_triggers.storage.path=:memory:', 'plugins=a', 'plugins.a.storage.path=:memory:'] };
    const { config } = await loadConfig({ files: new MemoryFiles(), folders, flags });
    assert.equal(config.fault_triggers.storage.path, ':memory:');
    assert.deepEqual(config.plugins[0]?.options, { storage: { path: ':memory:' } });
    assert.equal(config.plugins[0]?.folder, '/srv');
  });

  it('[edge] receive all other settings as nested options, lists in order and length, and none of each other', async () => {
    const { of, lines } = await load(
      [
        'ros2_medkit_gateway:',
        '  ros__parameters:',
        '    plugins: ["pump", "pump2"]',
        '    plugins.pump.path: /opt/pump',
        '    plugins.pump.stations: [3, 1, null, 2]',
        '    plugins.pump:',
        '      bus: {port: "/dev/ttyS0", baud: 9600}',
        '      bus.parity: none',
        '      __proto__: {polluted: true}',
        '    plugins.pump2.bus.port: /dev/ttyS1',
      ].join('\n'),
      'plugins.pump.bus.baud=19200',
    );
    assert.equal(
      JSON.stringify(of('pump').options),
      '{"stations":["3","1","","2"],"bus":{"port":"/dev/ttyS0","baud":"19200","parity":"none"},"__proto__":{"polluted":"true"}}',
    );
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
    assert.deepEqual(of('pump2').options, { bus: { port: '/dev/ttyS1' } });
    assert.deepEqual(lines, []);
  });

  it('[edge] use the section if a name is both a value and a section, in any order', async () => {
    for (const keys of [
      ['plugins.a.bus: x', 'plugins.a.bus.port: 1'],
      ['plugins.a.bus.port: 1', 'plugins.a.bus: x'],
    ]) {
      const { of, lines } = await load(['plugins: [a]', ...keys].join('\n'));
      assert.deepEqual(of('a').options, { bus: { port: '1' } });
      assert.deepEqual(lines, ['warning: plugins.a.bus is both a value and a section: the section is used']);
    }
  });

  it('run in a separate process if the configuration says so, with the configured amount of memory', async () => {
    const { of, lines } = await load(
      'plugins: [a, b, c]\nplugins.a: {isolate: process, memory_mb: 64}\nplugins.b: {isolate: thread, memory_mb: 1}\nplugins.c: {isolate: none, memory_mb: much}',
    );
    assert.deepEqual(
      ['a', 'b', 'c'].map((name) => [of(name).isolated, of(name).memoryMb]),
      [
        [true, 64],
        [true, 32],
        [false, 128],
      ],
    );
    assert.deepEqual(lines, [
      `warning: plugins.b.isolate: unknown value, "process" is used; the only other value is "none" (${FILE}:3)`,
      `warning: plugins.b.memory_mb: 32 is used; the range is 32 to 16384 (${FILE}:3)`,
      `warning: plugins.c.memory_mb: 128 is used; the range is 32 to 16384 (${FILE}:4)`,
    ]);
  });

  it('that the list does not name, and settings without a value, are reported', async () => {
    const { of, lines } = await load('plugins: [linux]\nplugins.linus.path: x\nplugins.linux: {period: , path.x: 1}');
    assert.deepEqual(of('linux').options, {});
    assert.deepEqual(lines, [
      `warning: plugins.linus: "plugins" does not list this plugin (${FILE}:2). Did you mean plugins.linux?`,
      `warning: plugins.linux.path.x: no such setting (${FILE}:3)`,
      `warning: plugins.linux.period has no value and is not set (${FILE}:3)`,
    ]);
  });
});
