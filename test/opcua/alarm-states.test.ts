import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type AlarmCommand, type RunningPlc, startPlc, type TankAlarmName } from '@medkit/plc';
import { MapGateway, settle } from './map-gateway.ts';
import { openProxy, type TcpProxy } from './tcp-proxy.ts';

/**
 * How the session reads active alarms after a connect. Each strategy has a separate server; one process runs all of
 * them.
 */
const STRATEGIES = ['auto', 'method', 'read', 'off'] as const;
type Strategy = (typeof STRATEGIES)[number];

const ALARMS: readonly TankAlarmName[] = ['DriveTrip', 'Level', 'Overpressure', 'PumpOverload'];

/** Node map with every alarm of a server as a fault of one app. Events without a mapped source get a separate code. */
function mapOf(strategy: Strategy): string {
  const prefix = strategy.toUpperCase();
  const sources = ['Tank', 'Pump', 'Vfd'].map((object) => `ns=2;s=${object}`);
  const alarmsAt = (source: string): object => ({
    alarm_source: source,
    entity_id: strategy,
    mappings: ALARMS.map((name) => ({ condition_name: name, fault_code: `${prefix}_${source.slice(7)}_${name}` })),
  });
  const unmapped = { alarm_source: 'i=2253', entity_id: strategy, fault_code: `${prefix}_UNMAPPED` };
  return JSON.stringify({
    component_id: `${strategy}_station`,
    // First in the list, so that it also receives the events that later entries map.
    event_alarms: [...(strategy === 'auto' ? [unmapped] : []), ...sources.map(alarmsAt)],
  });
}

const SOURCES: Readonly<Record<string, string>> = { DriveTrip: 'Vfd', PumpOverload: 'Pump' };

/** Returns the codes of these alarms in alphabetical order. */
function codesOf(strategy: Strategy, names: readonly TankAlarmName[]): readonly string[] {
  return names.map((name) => `${strategy.toUpperCase()}_${SOURCES[name] ?? 'Tank'}_${name}`).sort();
}

/** Alarms of a real server, through a real session, in a real gateway. */
suite('each state of a PLC alarm, as a fault of the gateway', { timeout: 120_000 }, () => {
  let plc: RunningPlc;
  let gateway: MapGateway;
  let proxies: readonly TcpProxy[] = [];

  const alarm = (command: AlarmCommand, name: TankAlarmName, strategy: Strategy = 'auto') =>
    plc.alarm(command, name, {}, STRATEGIES.indexOf(strategy));
  const standing = (names: readonly TankAlarmName[], strategy: Strategy = 'auto') =>
    gateway.untilFaults(strategy, codesOf(strategy, names));
  /**
   * Checks the faults after a marker alarm has appeared and disappeared: then all earlier events have been processed.
   */
  const stillStanding = async (names: readonly TankAlarmName[], strategy: Strategy = 'auto'): Promise<void> => {
    await alarm('activate', 'DriveTrip', strategy);
    await standing([...names, 'DriveTrip'], strategy);
    await settle(plc, 'DriveTrip', STRATEGIES.indexOf(strategy));
    await standing(names, strategy);
  };
  const act = async (what: 'acknowledge' | 'confirm', name: TankAlarmName, strategy: Strategy = 'auto') => {
    const body = { fault_code: codesOf(strategy, [name])[0], comment: 'seen' };
    const reply = await gateway.ask('POST', `/apps/${strategy}/operations/${what}_fault/executions`, body);
    assert.equal(reply.status, 200, JSON.stringify(reply.body));
  };
  /** Cuts every connection and prevents new ones until `meanwhile` has finished. */
  const away = async (meanwhile: () => Promise<void>): Promise<void> => {
    for (const proxy of proxies) proxy.mute();
    for (const proxy of proxies) proxy.cut();
    await gateway.untilConnected(0);
    await meanwhile();
    for (const proxy of proxies) proxy.unmute();
    // Connections that began meanwhile would wait for lost answers.
    for (const proxy of proxies) proxy.cut();
    await gateway.untilConnected(STRATEGIES.length);
  };

  before(async () => {
    plc = await startPlc({ servers: STRATEGIES.length });
    proxies = await Promise.all(plc.endpointUrls.map((endpointUrl) => openProxy(endpointUrl)));
    const entries = STRATEGIES.map((strategy, index) => {
      const endpointUrl = (proxies[index] as TcpProxy).endpointUrl;
      const options = {
        condition_replay_strategy: strategy,
        require_confirm_for_clear: strategy !== 'method',
        comms_lost_fault_enabled: false,
      };
      return [strategy, { endpointUrl, map: mapOf(strategy), options }] as const;
    });
    gateway = await MapGateway.open(Object.fromEntries(entries));
  });
  after(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await plc?.stop();
  });

  test('active: a fault; inactive, it stays active until it was acknowledged and confirmed at the gateway', async () => {
    await alarm('activate', 'Overpressure');
    await standing(['Overpressure']);
    await alarm('deactivate', 'Overpressure');
    await stillStanding(['Overpressure']);
    await act('acknowledge', 'Overpressure');
    await stillStanding(['Overpressure']);
    await act('confirm', 'Overpressure');
    await standing([]);
  });

  test('inactive: it ends once an operator at the PLC has acknowledged and confirmed it', async () => {
    await alarm('activate', 'Overpressure');
    await standing(['Overpressure']);
    await alarm('deactivate', 'Overpressure');
    await alarm('acknowledge', 'Overpressure');
    await stillStanding(['Overpressure']);
    await alarm('confirm', 'Overpressure');
    await standing([]);
  });

  test('acknowledged and confirmed while it is active: it ends when it is inactive', async () => {
    await alarm('activate', 'Overpressure');
    await standing(['Overpressure']);
    await act('acknowledge', 'Overpressure');
    await act('confirm', 'Overpressure');
    await stillStanding(['Overpressure']);
    await alarm('deactivate', 'Overpressure');
    await standing([]);
  });

  test('require_confirm_for_clear: false: it ends once it was acknowledged', async () => {
    await alarm('activate', 'Overpressure', 'method');
    await standing(['Overpressure'], 'method');
    await alarm('deactivate', 'Overpressure', 'method');
    await act('acknowledge', 'Overpressure', 'method');
    await standing([], 'method');
  });

  for (const shelve of ['shelve', 'shelve-timed'] as const) {
    test(`${shelve}: it ends while it is shelved, and returns when it is active and unshelved`, async () => {
      await alarm('activate', 'PumpOverload');
      await standing(['PumpOverload']);
      await alarm(shelve, 'PumpOverload');
      await standing([]);
      await alarm('unshelve', 'PumpOverload');
      await standing(['PumpOverload']);
      await settle(plc, 'PumpOverload');
      await standing([]);
    });

    test(`${shelve}: it does not appear while it is shelved`, async () => {
      await alarm(shelve, 'PumpOverload');
      await alarm('activate', 'PumpOverload');
      await stillStanding([]);
      await alarm('unshelve', 'PumpOverload');
      await standing(['PumpOverload']);
      await settle(plc, 'PumpOverload');
      await standing([]);
    });
  }

  test('disabled while it is active: it ends, and returns when it is enabled', async () => {
    await alarm('activate', 'PumpOverload');
    await standing(['PumpOverload']);
    await alarm('disable', 'PumpOverload');
    await standing([]);
    await alarm('enable', 'PumpOverload');
    await standing(['PumpOverload']);
    await settle(plc, 'PumpOverload');
    await standing([]);
  });

  test('disabled while it needs acknowledgement: it ends, and does not appear while it is disabled', async () => {
    await alarm('activate', 'PumpOverload');
    await standing(['PumpOverload']);
    await alarm('deactivate', 'PumpOverload');
    await alarm('disable', 'PumpOverload');
    await standing([]);
    await alarm('activate', 'PumpOverload');
    await stillStanding([]);
    await alarm('enable', 'PumpOverload');
    await standing(['PumpOverload']);
    await settle(plc, 'PumpOverload');
    await standing([]);
  });

  test('BranchId: an event about a past state changes nothing', async () => {
    await alarm('activate', 'Overpressure');
    await standing(['Overpressure']);
    // The branch reports the alarm as active, even after the alarm has ended.
    await alarm('branch', 'Overpressure');
    await settle(plc, 'Overpressure');
    await standing([]);
    await alarm('branch', 'Overpressure');
    await stillStanding([]);
  });

  test('without a ConditionId: an event is no fault, though its source has one for all, which is logged once', async () => {
    for (const text of ['CPU not in RUN', 'CPU in RUN']) await plc.systemMessage(text);
    await stillStanding([]);
    const said = gateway.printed.match(/i=2253 sends events without a condition, such as .*/g) ?? [];
    assert.equal(said.length, 1, gateway.printed);
    assert.match(said[0] as string, /they are ignored and become no faults/);
  });

  test('more severe while it is active: the fault takes the higher severity and keeps it', async () => {
    const [code = ''] = codesOf('auto', ['Level']);
    const says = (severity: number) => plc.alarm('activate', 'Level', { severity, message: `at ${severity}` });
    await says(300);
    assert.deepEqual(await gateway.faultTexts('auto', code), ['WARN at 300']);
    await says(900);
    // The fault keeps its first text.
    const isCritical = async () => (await gateway.faultTexts('auto', code))[0] === 'CRITICAL at 300';
    while (!(await isCritical())) await stillStanding(['Level']);
    await says(600);
    await stillStanding(['Level']);
    assert.match((await gateway.faultTexts('auto', code))[0] as string, /^CRITICAL /);
    await settle(plc, 'Level');
    await standing([]);
  });

  test('after a lost connection, active alarms are refreshed or read, depending on the strategy', async () => {
    const each = async (work: (strategy: Strategy) => Promise<unknown>): Promise<void> => {
      for (const strategy of STRATEGIES) await work(strategy);
    };
    await each(async (strategy) => {
      for (const name of ['DriveTrip', 'Overpressure', 'PumpOverload'] as const)
        await alarm('activate', name, strategy);
      await alarm('deactivate', 'DriveTrip', strategy);
    });
    await each((strategy) => standing(['DriveTrip', 'Overpressure', 'PumpOverload'], strategy));
    await away(() =>
      each(async (strategy) => {
        // Ended, no longer retained, and begun while the gateway is disconnected and receives none of these events.
        await settle(plc, 'Overpressure', STRATEGIES.indexOf(strategy));
        await alarm('forget', 'DriveTrip', strategy);
        await alarm('activate', 'Level', strategy);
      }),
    );
    for (const strategy of ['auto', 'method', 'read'] as const) await standing(['Level', 'PumpOverload'], strategy);
    assert.deepEqual(
      await gateway.faultsOf('off'),
      codesOf('off', ['DriveTrip', 'Overpressure', 'PumpOverload']),
      'nobody asked',
    );
    // With `off`, only the next event of each alarm reports its state.
    await alarm('activate', 'Level', 'off');
    await standing(['DriveTrip', 'Level', 'Overpressure', 'PumpOverload'], 'off');
    for (const name of ['DriveTrip', 'Overpressure'] as const) await settle(plc, name, STRATEGIES.indexOf('off'));
    await standing(['Level', 'PumpOverload'], 'off');
  });

  test('if the server refuses a refresh, auto reads the states, and method keeps the previous ones', async () => {
    for (const server of [0, 1]) await plc.refreshes(false, server);
    await away(async () => {
      for (const strategy of STRATEGIES) {
        await alarm('disable', 'Level', strategy);
        await alarm('shelve', 'PumpOverload', strategy);
        await alarm('activate', 'Overpressure', strategy);
      }
    });
    for (const strategy of ['auto', 'read'] as const) await standing(['Overpressure'], strategy);
    for (const strategy of ['method', 'off'] as const) await stillStanding(['Level', 'PumpOverload'], strategy);
    assert.match(gateway.printed, /method: ConditionRefresh failed: .*BadNotExecutable/);
    assert.match(gateway.printed, /auto: no condition can be read at i=2253/);
    await alarm('unshelve', 'PumpOverload', 'read');
    await standing(['Overpressure', 'PumpOverload'], 'read');
  });
});
