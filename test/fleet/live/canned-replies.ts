const ENTITIES = 50;

/** Replies of the API of a simulated robot with 50 apps, by path below `/api/v1`. */
export const CANNED_REPLIES: ReadonlyMap<string, string> = new Map([
  ['/version-info', JSON.stringify({ items: [{ version: '1.0.0', base_uri: '/api/v1' }] })],
  ['/apps', JSON.stringify({ items: Array.from({ length: ENTITIES }, (_, number) => appOf(number)) })],
  ...Array.from({ length: ENTITIES }, (_, number) => [`/apps/app_${number}`, JSON.stringify(appOf(number))] as const),
]);

function appOf(number: number) {
  return {
    id: `app_${number}`,
    name: `Application ${number}`,
    href: `/api/v1/apps/app_${number}`,
    data: `/api/v1/apps/app_${number}/data`,
    operations: `/api/v1/apps/app_${number}/operations`,
    faults: `/api/v1/apps/app_${number}/faults`,
    'x-medkit': { is_online: true, ros2: { node: `/base/app_${number}` } },
  };
}
