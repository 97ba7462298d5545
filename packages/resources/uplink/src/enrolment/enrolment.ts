/** What a robot knows of the hub that enrolled it, as `hub.json` contains it. */
export interface Enrolment {
  /** Address of the hub, `https://hub.example.com/`. */
  readonly url: string;
  /** Fingerprint of the hub's key, from the invitation. */
  readonly hub_fingerprint: string;
  /** Name of this robot at the hub. */
  readonly robot: string;
  readonly tenant: string;
  /** Proof of the hub that it enrolled this robot. */
  readonly receipt: string;
  /** Role of the hub on this robot, from the invitation; absent for the usual one. */
  readonly role?: string;
  /** Time of the enrolment by the clock of the robot, ISO 8601. */
  readonly enrolled_at: string;
}

const MEMBERS = ['url', 'hub_fingerprint', 'robot', 'tenant', 'receipt', 'enrolled_at'] as const;
/** Maximum length of a member. */
const MAX_MEMBER_CHARS = 2048;

/** Returns why a value is not an enrolment; `undefined` if it is. */
export function enrolmentProblem(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'it is not a JSON object';
  const members = value as Readonly<Record<string, unknown>>;
  const missing = MEMBERS.find((name) => {
    const text = members[name];
    return typeof text !== 'string' || text === '' || text.length > MAX_MEMBER_CHARS;
  });
  if (missing !== undefined) return `its member ${missing} is not a text`;
  const { role } = members;
  if (role !== undefined && (typeof role !== 'string' || role === '' || role.length > MAX_MEMBER_CHARS)) {
    return 'its member role is not a text';
  }
  const protocol = URL.parse(String(members['url']))?.protocol;
  return protocol === 'https:' || protocol === 'http:' ? undefined : 'its member url is not an address';
}

/** Returns the name of a hub on this robot: the host of its address, with the port if it is not the usual one. */
export const hubName = ({ url }: Pick<Enrolment, 'url'>): string => new URL(url).host;
