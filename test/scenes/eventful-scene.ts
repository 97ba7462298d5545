import { eventually } from '../harness/eventually.ts';
import { DemoScene } from './demo-scene.ts';

const WAIT_MS = 60_000;
/** Time until the next goal is reached and the faults of the battery have healed. */
const HEAL_MS = 120_000;

/**
 * Starts a demo whose robot stops in front of a person while colleagues work on it. With `healed` its battery was low
 * before, which is a second incident.
 */
export async function openEventfulScene({ healed = false } = {}): Promise<DemoScene> {
  const scene = await DemoScene.open([], { whole: true });
  try {
    await scene.waitForApps(['bt_navigator', 'lidar_driver', 'safety_gate', 'map_server']);
    await scene.untilDriving();
    await eventually('no fault', () => hasNoFault(scene));
    if (healed) await drainBattery(scene);
    await askAs(scene, 'engineer-bob', 'PUT', '/apps/lidar_driver/configurations/scan_rate_hz', { data: 8 });
    const locked = { lock_expiration: 1200, scopes: ['configurations'] };
    await askAs(scene, 'engineer-alice', 'POST', '/components/navigation/locks', locked);
    await scene.command('inject', 'obstacle');
    await eventually('three faults and their recordings', () => isRecorded(scene), WAIT_MS);
    await askAs(scene, 'engineer-bob', 'PUT', '/apps/nav2_planner/configurations/use_sim_time', { data: true });
    return scene;
  } catch (error) {
    await scene[Symbol.asyncDispose]();
    throw error;
  }
}

const openIncidents = async (scene: DemoScene) => (await scene.get('/x-medkit-incidents?state=open')).body.items;

const hasNoFault = async (scene: DemoScene) => (await scene.get('/faults')).body.items.length === 0;

/** Drains the battery, charges it, and waits until the incident is over and the robot drives. */
async function drainBattery(scene: DemoScene): Promise<void> {
  await scene.command('inject', 'battery');
  await eventually('the battery is low', async () => (await scene.get('/faults')).body.items.length >= 2, WAIT_MS);
  await scene.command('clear', 'battery');
  const hasHealed = async () => (await openIncidents(scene)).length === 0 && (await hasNoFault(scene));
  await eventually('it has healed', hasHealed, HEAL_MS);
  await scene.untilDriving();
}

async function isRecorded(scene: DemoScene): Promise<boolean> {
  const [incident] = await openIncidents(scene);
  if (incident === undefined || incident.fault_count < 3) return false;
  const { body } = await scene.get(`/x-medkit-incidents/${encodeURIComponent(incident.id)}`);
  return body.recordings.length >= 2;
}

/** Sends a request of a named colleague; a rejection is part of the scene. */
async function askAs(scene: DemoScene, client: string, method: string, path: string, body: unknown): Promise<void> {
  const headers = { 'Content-Type': 'application/json', 'X-Client-Id': client };
  await fetch(`${scene.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
}
