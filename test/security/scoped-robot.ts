import { SovdError } from '@medkit/contract';
import {
  type App,
  type EntityScope,
  type FaultEvent,
  openModel,
  type ScriptExecution,
  type ScriptProvider,
} from '@medkit/core';
import {
  app,
  area,
  component,
  fault,
  functionEntity,
  memoryConfigurations,
  memoryFaults,
  memoryOperations,
  memoryRuntime,
} from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { type AccountGateway, accountGateway, bearer, EPOCH_MS } from './account-gateway.ts';

/** Every entity out of scope has this text in its names, faults, data, operations and parameters. */
export const SECRET = /zzh/i;
export const unknownOf = (text: string): string => text.replaceAll('zzh', 'nob').replaceAll('ZZH', 'NOB');

/** Names of path parameters: of the entities in scope, and of those out of scope. */
export const VISIBLE: Readonly<Record<string, string>> = {
  ...{ area_id: 'line-2', component_id: 'arm', app_id: 'arm_driver', function_id: 'grip' },
  ...{ subarea_id: 'cell', subcomponent_id: 'gripper', data_id: '/pose', operation_id: 'reset' },
  ...{ fault_code: 'MOTOR', config_id: 'rate', execution_id: '1', script_id: 'calibrate', category_id: 'maps' },
};
export const HIDDEN: Readonly<Record<string, string>> = {
  ...{ area_id: 'zzh-area', component_id: 'zzh-press', app_id: 'zzh_app', function_id: 'zzh-func' },
  ...{ subarea_id: 'zzh-area', subcomponent_id: 'zzh-press', data_id: '/zzh', operation_id: 'zzh_run' },
  ...{
    fault_code: 'ZZH_FAULT',
    config_id: 'zzh_rate',
    execution_id: 'zzh',
    script_id: 'zzh_script',
    category_id: 'zzh_maps',
  },
};

const at = (node: string) => ({ node, address: { runtime: 'memory', nativeId: node } });

/** A gateway with the entities in scope, and with or without all others. */
export async function scopedRobot(hasOthers: boolean) {
  const clock = new SimulatedClock({ epochMs: EPOCH_MS });
  const only = <Thing>(things: readonly Thing[]): readonly Thing[] => (hasOthers ? things : []);
  /** The log of fault events. */
  const events: FaultEvent[] = [];
  const shared = hasOthers ? ['/arm_driver', '/zzh_app'] : ['/arm_driver'];
  const apps = [
    app('arm_driver', { ...at('/arm_driver'), componentId: 'arm', ...(hasOthers && { dependsOn: ['zzh_app'] }) }),
    ...only([app('zzh_app', { ...at('/zzh_app'), componentId: 'zzh-press', aliases: ['arm-alias'] })]),
  ];
  const runtime = memoryRuntime({
    areas: [
      area('line-2', { ...(hasOthers && { parentAreaId: 'zzh-area' }) }),
      area('cell', { parentAreaId: 'line-2' }),
      ...only([area('zzh-area')]),
    ],
    components: [
      component('arm', { areaId: 'line-2', tags: ['supplier=acme'], ...(hasOthers && { dependsOn: ['zzh-press'] }) }),
      component('gripper', { parentComponentId: 'arm' }),
      ...only([
        component('zzh-press', { areaId: 'zzh-area', tags: ['zzh'] }),
        component('zzh-tool', { parentComponentId: 'zzh-press' }),
      ]),
    ],
    apps,
    functions: [
      functionEntity('grip', ['arm_driver']),
      functionEntity('pick', ['arm_driver', ...only(['zzh_app'])]),
      ...only([functionEntity('zzh-func', ['arm_driver'])]),
    ],
    data: { '/arm_driver': { '/pose': { value: { n: 1 } } }, '/zzh_app': { '/zzh': { value: { zzh: 1 } } } },
    records: { isEntity: () => true },
    providers: {
      faults: memoryFaults({
        events,
        faults: [
          fault('MOTOR', { sources: ['/arm_driver'] }),
          fault('SHARED', { sources: shared, ...(hasOthers && { latestDescription: 'zzh is wrong, too' }) }),
          ...only([
            fault('ZZH_FAULT', { sources: ['/zzh_app'] }),
            fault('ZZH_GONE', { sources: ['/zzh_gone'] }),
            fault('ZZH_ROOT', { sources: ['/zzh_app'] }),
          ]),
        ],
        muted: only([{ faultCode: 'MOTOR', rootCauseCode: 'ZZH_ROOT', ruleId: 'zzh', delayMs: 1 }]),
        thresholds: only([
          { source: '/zzh_app', confirmationThreshold: -1, healingEnabled: false, healingThreshold: 3 },
        ]),
      }),
      scripts: memoryScripts({ '/arm_driver': 'calibrate', '/zzh_app': 'zzh_script' }),
      operations: memoryOperations({ '/arm_driver': { reset: {} }, '/zzh_app': { zzh_run: {} } }),
      configurations: memoryConfigurations({
        '/arm_driver': { rate: { type: 'double', value: 1 } },
        '/zzh_app': { zzh_rate: { type: 'double', value: 1 } },
      }),
    },
  });
  // A node with the name of the visible one, at another gateway.
  const peer = memoryRuntime({
    name: 'zzh_peer',
    origin: 'zzh_peer',
    components: [component('zzh-far')],
    apps: [
      app('zzh_far', {
        ...{ node: '/arm_driver', aliases: ['/arm_driver'], componentId: 'zzh-far' },
        address: { runtime: 'zzh_peer', nativeId: '/arm_driver' },
      }),
    ],
    data: { '/arm_driver': { '/zzh': { value: {} } } },
    providers: { faults: memoryFaults({ faults: [fault('ZZH_FAR', { sources: ['/arm_driver'] })] }) },
  });
  const model = await openModel({ runtimes: [runtime, ...only([peer])], clock, log: () => undefined });
  const gateway = await accountGateway({
    clock,
    parts: { model },
    changes: { bulk_data: { categories: ['maps'] }, fault_triggers: { enabled: true, storage: { path: ':memory:' } } },
  });
  /** Appends an event to the log, and reports it. */
  const announce = (event: FaultEvent): void => {
    events.push(event);
    runtime.announce(event);
  };
  /** Replaces an app, and waits until the tree has the change. */
  const changeApp = async (id: string, change: Partial<Pick<App, 'name' | 'tags'>>): Promise<void> => {
    runtime.tell({ apps: apps.map((each) => (each.id === id ? { ...each, ...change } : each)) });
    await clock.advanceAsync(1000, 100);
  };
  return { ...gateway, model, runtime, announce, changeApp };
}

/** The scripts of nodes, by native id: one each, whose execution `1` has ended. */
function memoryScripts(scripts: Readonly<Record<string, string>>): ScriptProvider {
  const unknown = () => new SovdError({ code: 'resource-not-found', message: 'Script not found' });
  const entry = (nativeId: string) => {
    const id = scripts[nativeId];
    return id === undefined ? [] : [{ id, name: id, managed: false }];
  };
  const get = async (nativeId: string, scriptId: string) => {
    const [found] = entry(nativeId).filter(({ id }) => id === scriptId);
    if (!found) throw unknown();
    return found;
  };
  const run = async (nativeId: string, scriptId: string): Promise<ScriptExecution> => {
    const { id } = await get(nativeId, scriptId);
    return { id: '1', status: 'completed', output: { text: `${id} has run`, truncated: false } };
  };
  return {
    get,
    list: async (nativeId) => entry(nativeId),
    upload: async () => Promise.reject(unknown()),
    remove: async (nativeId, scriptId) => void (await get(nativeId, scriptId)),
    start: run,
    executions: async (nativeId, scriptId) => [await run(nativeId, scriptId)],
    execution: run,
    control: run,
    removeExecution: async (nativeId, scriptId) => void (await get(nativeId, scriptId)),
  };
}

/** The scopes of the account that sees the visible entities. */
export const SCOPE: EntityScope = { entities: ['areas/line-2/**', 'functions/grip/**', 'functions/pick'] };

/** Returns the headers of a new key. */
export async function keyOf(gateway: AccountGateway, scopes?: readonly EntityScope[], role = 'admin') {
  const { text } = await gateway.accounts.keys.add({ name: 'k', role, owner: 'local', ...(scopes && { scopes }) });
  return bearer(text);
}

/** Returns the body and the content type of an upload of one file. */
const upload = (name: string) => ({
  body: `--b\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n\r\n${name}\r\n--b--\r\n`,
  headers: { 'content-type': 'multipart/form-data; boundary=b' },
});

/**
 * Adds a file, a lock, a trigger and a subscription to an entity in scope, and then to another one. Returns the path
 * parameters of both.
 */
export async function addResources(gateway: AccountGateway, hasOthers: boolean) {
  const admin = await keyOf(gateway);
  const add = async (path: string, name: string, item: string) => {
    const { body, headers } = upload(name);
    const file = await gateway.ask('POST', `${path}/bulk-data/maps`, { body, headers: { ...admin, ...headers } });
    const lock = await gateway.ask('POST', `${path}/locks`, {
      headers: { ...admin, 'x-client-id': name },
      body: { lock_expiration: 3600, scopes: ['modes'] },
    });
    const resource = `/api/v1${path}/data/${item}`;
    const trigger = await gateway.ask('POST', `${path}/triggers`, {
      headers: admin,
      body: { resource, trigger_condition: { condition_type: 'OnChange' }, multishot: true },
    });
    const subscription = await gateway.ask('POST', `${path}/cyclic-subscriptions`, {
      headers: admin,
      body: { resource, interval: 'fast', duration: 3600 },
    });
    const ids = { file_id: file, lock_id: lock, trigger_id: trigger, subscription_id: subscription };
    return Object.fromEntries(Object.entries(ids).map(([parameter, { body: made }]) => [parameter, String(made.id)]));
  };
  const visible = await add('/apps/arm_driver', 'hall.yaml', 'pose');
  const hidden = hasOthers ? await add('/apps/zzh_app', 'zzh.yaml', 'zzh') : undefined;
  return { visible, hidden };
}
